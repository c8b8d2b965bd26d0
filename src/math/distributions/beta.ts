/** The regularised incomplete beta function. */

import {logGamma, stirlingTail} from './gamma.ts';

/** I_x(a, b), the share of a beta distribution below `x`; a, b > 0 and 0 <= x <= 1. */
export function betaLower(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2) ? tail(a, b, x, 1 - x) : 1 - tail(b, a, 1 - x, x);
}

/**
 * ln B(a, b). For a large argument the difference of two log gammas is written out, so that it
 * keeps its digits (from Abramowitz & Stegun 6.1.41).
 */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large);
  return (
    logGamma(small) -
    small * Math.log(small + large) +
    small +
    (large - 0.5) * Math.log1p(-small / (small + large)) +
    stirlingTail(large) -
    stirlingTail(small + large)
  );
}

/** I_x(a, b) by its continued fraction (Abramowitz & Stegun 26.5.8), evaluated as Lentz (1976) does. */
function tail(a: number, b: number, x: number, y: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15 || !Number.isFinite(factor)) break;
  }
  return (fraction / a) * Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b));
}
