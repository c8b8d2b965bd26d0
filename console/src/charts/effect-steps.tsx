/** The effect of a challenger stage by stage: difference with its interval, against zero and the margin. */
import {compact, interval, short, signed} from '../format/numbers.ts';
import {type Effect, effectColour, effectDomain} from './effect-scale.ts';
import {scale} from './scale.ts';
import {useWidth} from './use-width.ts';

export type EffectStep = Effect & {
  readonly id: string;
  /** When its stage ended, in words. */
  readonly when: string;
  readonly stage: string;
  readonly rows: number;
};

type Props = {
  readonly title: string;
  readonly axis: string;
  /** Oldest first. */
  readonly steps: readonly EffectStep[];
};

const ROW = 30;
const TOP = 36;

export function EffectSteps({title, axis, steps}: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const narrow = width < 620;
  const left = narrow ? 104 : 228;
  const right = Math.max(left + 80, width - (narrow ? 8 : 176));
  const x = scale(effectDomain(steps), [left, right], narrow ? 3 : 5);
  const bottom = TOP + steps.length * ROW;
  const height = bottom + 20;
  const margins = [...new Set(steps.map(step => step.margin))];
  return (
    <figure className="chart">
      <figcaption>
        <h3>{title}</h3>
        <p className="axis">{axis}</p>
      </figcaption>
      <div ref={box}>
        {width > 0 && (
          <svg className="picture" width={width} height={height} role="img" aria-label={title}>
            {x.ticks.map(tick => (
              <g key={tick}>
                <line
                  x1={x(tick)}
                  x2={x(tick)}
                  y1={TOP - 6}
                  y2={bottom}
                  stroke={tick === 0 ? 'var(--n6)' : 'var(--n3)'}
                />
                <text x={x(tick)} y={bottom + 14} textAnchor="middle" fontSize="11.5" className="faint">
                  {tick > 0 ? `+${short(tick)}` : short(tick)}
                </text>
              </g>
            ))}
            {margins.map(margin => (
              <g key={margin}>
                <line
                  x1={x(margin)}
                  x2={x(margin)}
                  y1={TOP - 6}
                  y2={bottom}
                  stroke="var(--bad)"
                  strokeDasharray="4 3"
                />
                <text x={x(margin)} y={TOP - 12} textAnchor="end" fontSize="11.5" className="faint">
                  margin {short(margin)}
                </text>
              </g>
            ))}
            {steps.map((step, i) => {
              const y = TOP + i * ROW + ROW / 2 - 3;
              const colour = effectColour(step);
              return (
                <g key={step.id}>
                  <text x={0} y={y + 4} fontSize="12">
                    {step.stage}
                    {!narrow && <tspan className="faint">{`  ${step.when}, ${compact(step.rows)} rows`}</tspan>}
                  </text>
                  <line
                    x1={x(step.low ?? step.difference)}
                    x2={x(step.high ?? step.difference)}
                    y1={y}
                    y2={y}
                    stroke={colour}
                    strokeWidth="2"
                  />
                  <circle cx={x(step.difference)} cy={y} r="4" fill={colour} />
                  {!narrow && (
                    <text x={right + 12} y={y + 4} fontSize="12">
                      {signed(step.difference)} <tspan className="faint">{interval(step.low, step.high, 4)}</tspan>
                    </text>
                  )}
                  <title>{`${step.stage}, ${step.when}: ${signed(step.difference)} ${interval(step.low, step.high, 4)} on ${compact(step.rows)} rows`}</title>
                </g>
              );
            })}
          </svg>
        )}
      </div>
    </figure>
  );
}
