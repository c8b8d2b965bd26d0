/** A feature in its training set, grey, and in a window, drawn over it: shares of the same bins. */
import type {FeatureHistogram} from 'millrace/protocol';
import {compact, percent, short} from '../format/numbers.ts';
import {scale} from './scale.ts';
import {useWidth} from './use-width.ts';

const LEFT = 44;

type Props = {readonly histogram: FeatureHistogram; readonly title: string; readonly height?: number};

export function Histogram({histogram, title, height = 260}: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const {edges, categories, kind} = histogram;
  const reference = shares(histogram.reference);
  const current = shares(histogram.current);
  const bins = reference.length;
  const bottom = height - 28;
  const y = scale([0, Math.max(0.01, ...reference, ...current) * 1.05], [bottom, 8], 4);
  const step = (width - LEFT - 8) / Math.max(1, bins);
  const x = (bin: number) => LEFT + bin * step;
  const name = (bin: number) =>
    kind === 'categorical' ? (categories[bin] ?? '') : bin === 0 ? `< ${short(edges[0])}` : short(edges[bin - 1]);
  const every = Math.max(1, Math.ceil((kind === 'categorical' ? 44 : 52) / step));
  const outline = reference.map((share, bin) => `${bin === 0 ? 'M' : 'L'}${x(bin)} ${y(share)}H${x(bin + 1)}`).join('');
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <p className="axis">share of rows per bin of the training profile; from 0</p>
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
            <path d={`${outline}L${x(bins)} ${bottom}H${LEFT}Z`} fill="var(--n4)" opacity="0.55" />
            {current.map((share, bin) => (
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
                {bin % every === 0 && (
                  <text
                    x={kind === 'categorical' ? x(bin) + step / 2 : x(bin)}
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
          text={`training set, ${compact(total(histogram.reference))} rows, ${nulls(histogram.referenceNulls, histogram.reference)} null`}
        />
        <Key
          colour="var(--accent)"
          text={`window, ${compact(total(histogram.current))} rows, ${nulls(histogram.currentNulls, histogram.current)} null`}
        />
      </p>
    </figure>
  );
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

function shares(counts: readonly number[]): number[] {
  const all = total(counts);
  return counts.map(count => (all === 0 ? 0 : count / all));
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
