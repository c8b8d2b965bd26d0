/** Student's t distribution. */

import {betaLower} from './beta.ts';
import {normalQuantile} from './normal.ts';

/** P(T <= t), `degreesOfFreedom` any positive number (Abramowitz & Stegun 26.5.27). */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  const beyond = studentTTwoSided(t, degreesOfFreedom) / 2;
  return t < 0 ? beyond : 1 - beyond;
}

/** Two-sided p-value of a t statistic. */
export function studentTTwoSided(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return t;
  if (!Number.isFinite(t)) return 0;
  return betaLower(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t));
}

/** The t below which a share `p` lies: bisection on the cdf, from a bracket grown around the normal quantile. */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) return normalQuantile(p);
  if (p < 0.5) return -studentTQuantile(1 - p, degreesOfFreedom);
  let low = 0;
  let high = 1 + normalQuantile(p);
  while (studentTCdf(high, degreesOfFreedom) < p) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTCdf(middle, degreesOfFreedom) < p) low = middle;
    else high = middle;
  }
}
