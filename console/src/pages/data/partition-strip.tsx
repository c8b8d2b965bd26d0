/** The archive of a stream as a strip: a cell a day (or month), darker where there are more events; a gap has none. */
import type {StreamDetail} from 'millrace/protocol';
import {useState} from 'react';
import {useWidth} from '../../charts/use-width.ts';
import {compact, count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Section} from '../../parts/page.tsx';

type Partition = StreamDetail['partitions'][number];

const HEIGHT = 24;
const LEAST_CELL = 3;
const WIDEST_CELL = 24;

export function PartitionStrip({partitions}: {partitions: readonly Partition[]}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [under, setUnder] = useState<number | null>(null);
  const times = useTimes();
  const all = withGaps(partitions);
  const cells = all.slice(-Math.max(1, Math.floor(width / LEAST_CELL)));
  const each = Math.min(WIDEST_CELL, width / Math.max(1, cells.length));
  const most = Math.max(1, ...cells.map(cell => cell.rows));
  const missing = cells.filter(cell => cell.rows === 0).length;
  const busiest = cells.find(cell => cell.rows === most);
  const pointed = under === null ? undefined : cells[under];
  const unit = (cells[0]?.to ?? 0) - (cells[0]?.from ?? 0) > 86_400_000 ? 'month' : 'day';
  const day = (cell: Partition) => new Date(cell.from).toISOString().slice(0, unit === 'day' ? 10 : 7);
  const said = busiest
    ? `${plural(cells.length, unit)}, ${missing === 0 ? 'none without events' : `${count(missing)} without events`}; most on ${day(busiest)}: ${compact(most)}`
    : '';
  return (
    <Section
      id="partitions"
      title="Archive"
      aside={cells.length === 0 ? 'nothing is archived yet' : `by ${unit} of event time, UTC`}
    >
      {partitions.length === 0 ? (
        <p className="muted">Events are archived when a training, a consistency run or a truncation needs them.</p>
      ) : (
        <figure className="chart">
          <figcaption>{said}</figcaption>
          <div ref={box} style={{minHeight: HEIGHT}}>
            {width > 0 && (
              <svg
                width={each * cells.length}
                height={HEIGHT}
                role="img"
                aria-label={said}
                onMouseMove={event =>
                  setUnder(Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / each))
                }
                onMouseLeave={() => setUnder(null)}
              >
                <rect width={each * cells.length} height={HEIGHT} fill="var(--n2)" />
                {cells.map((cell, i) => (
                  <rect
                    key={cell.from}
                    x={i * each}
                    y="1"
                    width={Math.max(1, each - (each > 4 ? 1 : 0))}
                    height={HEIGHT - 2}
                    fill={cell.rows === 0 ? 'none' : 'var(--accent)'}
                    opacity={0.15 + 0.85 * (cell.rows / most)}
                  />
                ))}
              </svg>
            )}
          </div>
          <p className="muted small" aria-live="off">
            {pointed
              ? `${day(pointed)}: ${plural(pointed.rows, 'event')}`
              : `${times.day(cells[0]?.from ?? null)} to ${times.day(cells.at(-1)?.from ?? null)}; ${plural(
                  cells.reduce((sum, cell) => sum + cell.rows, 0),
                  'event',
                )}${cells.length < all.length ? `; ${count(all.length - cells.length)} earlier are not shown` : ''}`}
          </p>
        </figure>
      )}
    </Section>
  );
}

const MOST_CELLS = 1_000;

/** With an empty one wherever a partition has no events; not where a stray time would make too many. */
function withGaps(partitions: readonly Partition[]): readonly Partition[] {
  const cells: Partition[] = [];
  for (const partition of partitions) {
    const last = cells.at(-1);
    const length = last ? last.to - last.from : 0;
    const gap = last ? Math.round((partition.from - last.to) / length) : 0;
    if (last && gap > 0 && gap < MOST_CELLS && length <= 86_400_000)
      for (let i = 0; i < gap; i++) cells.push({from: last.to + i * length, to: last.to + (i + 1) * length, rows: 0});
    cells.push(partition);
  }
  return cells;
}
