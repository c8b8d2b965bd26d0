/** Confidence limits for a proportion and for a mean. */

import {normalQuantile} from '../distributions/normal.ts';
import {studentTQuantile} from '../distributions/student-t.ts';

export type Interval = {readonly estimate: number; readonly low: number; readonly high: number};

/** Wilson's score interval (1927) for `successes` of `count`: honest near 0 and 1 and for small counts. */
export function wilsonInterval(successes: number, count: number, confidence = 0.95): Interval {
  const z2 = normalQuantile((1 + confidence) / 2) ** 2;
  const estimate = successes / count;
  const centre = (successes + z2 / 2) / (count + z2);
  const reach = Math.sqrt(z2 * (successes * (1 - estimate) + z2 / 4)) / (count + z2);
  return {estimate, low: Math.max(0, centre - reach), high: Math.min(1, centre + reach)};
}

/** Student's interval for a mean, from the sample's moments (`m2`: sum of squared deviations); needs two values. */
export function meanInterval(
  sample: {readonly count: number; readonly mean: number; readonly m2: number},
  confidence = 0.95,
): Interval {
  const {count, mean, m2} = sample;
  const reach = studentTQuantile((1 + confidence) / 2, count - 1) * Math.sqrt(m2 / (count - 1) / count);
  return {estimate: mean, low: mean - reach, high: mean + reach};
}
