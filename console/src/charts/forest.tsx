/** Slices as a forest plot: an estimate and its interval a row, the whole set as reference. */
import type {SliceReport} from 'millrace/protocol';
import {compact, interval, ratio} from '../format/numbers.ts';
import {scale} from './scale.ts';
import {useWidth} from './use-width.ts';

const ROW = 22;
const TOP = 24;

type Props = {
  readonly title: string;
  readonly slices: readonly SliceReport[];
  /** AUC of all rows. */
  readonly overall: number | null;
};

export function Forest({title, slices, overall}: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const known = slices.filter(slice => slice.metrics.auc !== null);
  const bounds = known.flatMap(({metrics}) => [
    metrics.aucLow ?? metrics.auc ?? 0,
    metrics.aucHigh ?? metrics.auc ?? 1,
  ]);
  const low = Math.min(...bounds, overall ?? 1);
  const high = Math.max(...bounds, overall ?? 0);
  const someBelow =
    overall !== null && known.some(({metrics}) => metrics.aucHigh !== null && metrics.aucHigh < overall);
  const narrow = width < 440;
  const longest = Math.max(0, ...known.map(({feature, value}) => feature.length + value.length + 1));
  const left = Math.min(Math.max(104, longest * 7), Math.max(104, width * 0.4));
  const right = Math.max(left + 60, width - (narrow ? 12 : 156));
  const x = scale([low - 0.005, high + 0.005], [left, right], narrow ? 3 : 5);
  const height = TOP + known.length * ROW + 4;
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <p className="axis">AUC with 95 % interval; axis does not start at 0</p>
      </figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg className="picture" width={width} height={height} role="img" aria-label={title}>
            {x.ticks.map(tick => (
              <g key={tick}>
                <line x1={x(tick)} x2={x(tick)} y1={TOP - 4} y2={height} stroke="var(--n3)" />
                <text x={x(tick)} y={TOP - 10} textAnchor="middle" fontSize="11.5" className="faint">
                  {tick.toFixed(2)}
                </text>
              </g>
            ))}
            {overall !== null && (
              <line x1={x(overall)} x2={x(overall)} y1={TOP - 4} y2={height} stroke="var(--n6)" strokeDasharray="3 3" />
            )}
            {known.map(({feature, value, metrics}, i) => {
              const y = TOP + i * ROW + ROW / 2;
              const below = overall !== null && metrics.aucHigh !== null && metrics.aucHigh < overall;
              return (
                <g key={`${feature}=${value}`}>
                  <text x={0} y={y + 4} fontSize="12">
                    <tspan className="faint">{feature}</tspan> {value}
                  </text>
                  <line
                    x1={x(metrics.aucLow ?? metrics.auc ?? 0)}
                    x2={x(metrics.aucHigh ?? metrics.auc ?? 0)}
                    y1={y}
                    y2={y}
                    stroke={below ? 'var(--watch)' : 'var(--accent)'}
                    strokeWidth="1.6"
                  />
                  {below ? (
                    <path d={`M${x(metrics.auc ?? 0)} ${y - 5}l5 9h-10z`} fill="var(--watch)" />
                  ) : (
                    <circle cx={x(metrics.auc ?? 0)} cy={y} r="3.5" fill="var(--accent)" />
                  )}
                  {!narrow && (
                    <text x={right + 12} y={y + 4} fontSize="12">
                      {ratio(metrics.auc)}{' '}
                      <tspan className="faint">{`${interval(metrics.aucLow, metrics.aucHigh)}`}</tspan>
                    </text>
                  )}
                  <title>{`${feature} = ${value}: AUC ${ratio(metrics.auc)} ${interval(metrics.aucLow, metrics.aucHigh)}, ${compact(metrics.rows)} rows`}</title>
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <p className="readout">
        {overall === null ? '' : `Dashed: all rows, AUC ${ratio(overall)}.`}
        {someBelow && ' A triangle: the whole interval lies below it.'}
      </p>
    </figure>
  );
}
