/** A feature in its training set, grey, and in a window, drawn over it: shares of the same bins. */
import type {FeatureHistogram} from 'millrace/protocol';
import {compact, percent, short} from '../format/numbers.ts';
import {scale} from './scale.ts';
import {useWidth} from './use-width.ts';

const LEFT = 44;
/** Between the last bin and that of nulls. */
const APART = 20;

type Props = {readonly histogram: FeatureHistogram; readonly title: string; readonly height?: number};

export function Histogram({histogram, title, height = 260}: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const {edges, categories, kind} = histogram;
  const bins = histogram.reference.length;
  const withNulls = histogram.referenceNulls + histogram.currentNulls > 0;
  const reference = shares(histogram.reference, histogram.referenceNulls);
  const current = shares(histogram.current, histogram.currentNulls);
  const drawn = withNulls ? bins + 1 : bins;
  const bottom = height - 28;
  const y = scale([0, Math.max(0.01, ...reference, ...current) * 1.05], [bottom, 8], 4);
  const step = (width - LEFT - 8 - (withNulls ? APART : 0)) / Math.max(1, drawn);
  const x = (bin: number) => LEFT + bin * step + (bin >= bins && withNulls ? APART : 0);
  const name = (bin: number) =>
    bin === bins
      ? 'null'
      : kind === 'categorical'
        ? (categories[bin] ?? '')
        : bin === 0
          ? `< ${short(edges[0])}`
          : short(edges[bin - 1]);
  const every = Math.max(1, Math.ceil((kind === 'categorical' ? 44 : 52) / step));
  // The first bin's name is wider than those of edges; that of nulls keeps its neighbour away.
  const labelled = (bin: number) =>
    bin === bins ||
    (bin % every === 0 &&
      (bin > 0 || kind === 'categorical' || step * every >= 84) &&
      (!withNulls || bin < bins - 1 || step >= 44));
  const outline = reference
    .slice(0, bins)
    .map((share, bin) => `${bin === 0 ? 'M' : 'L'}${x(bin)} ${y(share)}H${LEFT + (bin + 1) * step}`)
    .join('');
  const nullShare = reference[bins] ?? 0;
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <p className="axis">share of all rows per bin of the training profile, nulls apart; from 0</p>
      </figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg className="picture" width={width} height={height} role="img" aria-label={title}>
            {y.ticks.map(tick => (
              <g key={tick}>
                <line x1={LEFT} x2={width - 8} y1={y(tick)} y2={y(tick)} stroke="var(--n3)" />
                <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end" fontSize="11.5" className="faint">
                  {percent(tick)}
                </text>
              </g>
            ))}
            <path d={`${outline}L${LEFT + bins * step} ${bottom}H${LEFT}Z`} fill="var(--n4)" opacity="0.55" />
            {withNulls && (
              <rect
                x={x(bins)}
                width={step}
                y={y(nullShare)}
                height={bottom - y(nullShare)}
                fill="var(--n4)"
                stroke="var(--n6)"
                opacity="0.55"
              />
            )}
            {current.slice(0, drawn).map((share, bin) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place.
              <g key={bin}>
                <rect
                  x={x(bin) + step * 0.2}
                  width={step * 0.6}
                  y={y(share)}
                  height={Math.max(0, bottom - y(share))}
                  fill="var(--accent)"
                  opacity="0.85"
                />
                {labelled(bin) && (
                  <text
                    x={kind === 'categorical' || bin === bins ? x(bin) + step / 2 : x(bin)}
                    y={bottom + 16}
                    textAnchor={kind === 'categorical' || bin > 0 ? 'middle' : 'start'}
                    fontSize="11.5"
                    className="faint"
                  >
                    {name(bin)}
                  </text>
                )}
                <title>{`${name(bin)}: training ${percent(reference[bin])}, window ${percent(share)}`}</title>
              </g>
            ))}
            <path d={outline} fill="none" stroke="var(--n6)" strokeWidth="1.2" />
          </svg>
        )}
      </div>
      <p className="legend">
        <Key
          colour="var(--n5)"
          text={`training set, ${compact(total(histogram.reference) + histogram.referenceNulls)} rows, ${nulls(histogram.referenceNulls, histogram.reference)} null`}
        />
        <Key
          colour="var(--accent)"
          text={`window, ${compact(total(histogram.current) + histogram.currentNulls)} rows, ${nulls(histogram.currentNulls, histogram.current)} null`}
        />
      </p>
    </figure>
  );
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** Of all rows; that of nulls comes last. */
function shares(counts: readonly number[], nulls: number): number[] {
  const all = total(counts) + nulls;
  return [...counts, nulls].map(count => (all === 0 ? 0 : count / all));
}

function nulls(count: number, others: readonly number[]): string {
  const all = total(others) + count;
  return percent(all === 0 ? 0 : count / all);
}

export function Key({colour, text}: {colour: string; text: string}) {
  return (
    <span>
      <svg width="10" height="10" aria-hidden="true">
        <rect width="10" height="10" fill={colour} />
      </svg>
      {text}
    </span>
  );
}
