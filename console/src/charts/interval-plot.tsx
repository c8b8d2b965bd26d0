/** One difference with its interval, zero and the margin, the size of a line of text. */
import {signed} from '../format/numbers.ts';
import {type Effect, effectColour, effectDomain} from './effect-scale.ts';
import {scale} from './scale.ts';

type Props = {
  readonly effect: Effect;
  /** Shared with other plots that are compared to this one; its own when not given. */
  readonly domain?: readonly [number, number];
  readonly width?: number;
};

const HEIGHT = 18;

export function IntervalPlot({effect, domain, width = 160}: Props) {
  const {difference, low, high, margin} = effect;
  const x = scale(domain ?? effectDomain([effect]), [4, width - 4]);
  const colour = effectColour(effect);
  const middle = HEIGHT / 2;
  const name = `difference ${signed(difference)}, from ${signed(low)} to ${signed(high)}, margin ${signed(margin)}`;
  return (
    <svg className="picture interval" width={width} height={HEIGHT} role="img" aria-label={name}>
      <line x1={x(0)} x2={x(0)} y1="2" y2={HEIGHT - 2} stroke="var(--n5)" />
      <line x1={x(margin)} x2={x(margin)} y1="1" y2={HEIGHT - 1} stroke="var(--bad)" strokeDasharray="3 2" />
      <line
        x1={x(low ?? difference)}
        x2={x(high ?? difference)}
        y1={middle}
        y2={middle}
        stroke={colour}
        strokeWidth="1.8"
      />
      <circle cx={x(difference)} cy={middle} r="3.5" fill={colour} />
      <title>{name}</title>
    </svg>
  );
}
