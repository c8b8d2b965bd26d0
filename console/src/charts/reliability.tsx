/** Calibration: what was predicted against what came, with how many stand behind each point. */
import type {CalibrationBin} from 'millrace/protocol';
import {compact, percent, ratio} from '../format/numbers.ts';
import {scale} from './scale.ts';
import {useWidth} from './use-width.ts';

const HEIGHT = 300;
const LEFT = 44;
const BARS = 44;

export function Reliability({bins, title}: {bins: readonly CalibrationBin[]; title: string}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const known = bins.filter(bin => bin.count > 0);
  const top = Math.max(0.1, ...known.flatMap(bin => [bin.meanPrediction, bin.rate])) * 1.08;
  const right = Math.max(LEFT + 60, Math.min(width, 560) - 12);
  const x = scale([0, top], [LEFT, right], 6);
  const y = scale([0, top], [HEIGHT - BARS - 28, 8], 5);
  const most = Math.max(1, ...known.map(bin => bin.count));
  const points = known.map(bin => `${x(bin.meanPrediction).toFixed(1)},${y(bin.rate).toFixed(1)}`);
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <p className="axis">observed rate by mean prediction, bins of equal mass; both axes from 0</p>
      </figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg className="picture" width={right + 12} height={HEIGHT} role="img" aria-label={title}>
            {y.ticks.map(tick => (
              <g key={tick}>
                <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--n3)" />
                <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end" fontSize="11.5" className="faint">
                  {percent(tick)}
                </text>
              </g>
            ))}
            {x.ticks.map(tick => (
              <text key={tick} x={x(tick)} y={HEIGHT - BARS - 10} textAnchor="middle" fontSize="11.5" className="faint">
                {percent(tick)}
              </text>
            ))}
            <line x1={x(0)} y1={y(0)} x2={x(top)} y2={y(top)} stroke="var(--n5)" strokeDasharray="3 3" />
            <text x={x(top) - 4} y={y(top * 0.9) + 14} textAnchor="end" fontSize="11.5" className="faint">
              perfect
            </text>
            <polyline points={points.join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1.6" />
            {known.map(bin => (
              <g key={bin.meanPrediction}>
                <circle cx={x(bin.meanPrediction)} cy={y(bin.rate)} r="3.5" fill="var(--accent)" />
                <line
                  x1={x(bin.meanPrediction)}
                  x2={x(bin.meanPrediction)}
                  y1={HEIGHT - 2}
                  y2={HEIGHT - 2 - (bin.count / most) * (BARS - 16)}
                  stroke="var(--n5)"
                  strokeWidth="6"
                />
                <title>
                  {`Predicted ${ratio(bin.meanPrediction)}, came ${ratio(bin.rate)}, ${compact(bin.count)} rows`}
                </title>
              </g>
            ))}
            <text x={LEFT - 8} y={HEIGHT - 6} textAnchor="end" fontSize="11.5" className="faint">
              rows
            </text>
          </svg>
        )}
      </div>
      <p className="readout">
        {compact(known.reduce((sum, bin) => sum + bin.count, 0))} rows in {known.length} bins
      </p>
    </figure>
  );
}
