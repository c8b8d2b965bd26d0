/** The law of the one-sample Kolmogorov-Smirnov statistic for a finite sample. */

import {durbinMatrix} from './durbin-matrix.ts';
import {logGamma, stirlingTail} from './gamma.ts';

/**
 * P(D > d) for `n` values, by the method that is exact or sharpest where (n, d) lies, as chosen by
 * Simard and L'Ecuyer, "Computing the two-sided Kolmogorov-Smirnov distribution" (2011). At least ten
 * digits for n <= 140, some five in the middle and all of them in the tail beyond.
 */
export function kolmogorovFiniteSurvival(n: number, d: number): number {
  if (Number.isNaN(d)) return d;
  if (d >= 1) return 0;
  if (n * d <= 0.5) return 1;
  const squared = n * d * d;
  if (n <= 140) return clipped(squared <= 4 ? 1 - durbinMatrix(n, d) : 2 * oneSided(n, d));
  if (squared < 0.0484) return 1; // within 1e-9
  if (squared >= 370) return 0; // below the smallest double
  if (squared >= 2.2) return clipped(2 * oneSided(n, d));
  return clipped(1 - (n <= 1e5 && n * d ** 1.5 <= 1.4 ? durbinMatrix(n, d) : pelzGood(n, d)));
}

const clipped = (p: number): number => Math.min(1, Math.max(0, p));
const rootTwoPi = Math.sqrt(2 * Math.PI);
const mostNodes = 4096;

/**
 * P(D⁺ > d) = d Σ C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j), j from 0 to n(1 - d) (Birnbaum and Tingey,
 * 1951). Its terms are smooth in j and vanish at both ends: for a large n the trapezoid rule on 4096 of
 * them gives the sum to all digits.
 */
function oneSided(n: number, d: number): number {
  const step = Math.max(1, n / mostNodes);
  let sum = Math.exp(n * Math.log1p(-d)) / step;
  for (let j = step; j < n * (1 - d); j += step) {
    const rest = n - j;
    const power = j * Math.log1p((n * d) / j) + rest * Math.log1p((-n * d) / rest);
    const tails = stirlingError(n) - stirlingError(j) - stirlingError(rest);
    sum += (d / (d + j / n)) * Math.sqrt(n / (2 * Math.PI * j * rest)) * Math.exp(power + tails);
  }
  return sum * step;
}

/** ln Γ(x + 1) less Stirling's formula for it. */
function stirlingError(x: number): number {
  return x >= 10 ? stirlingTail(x) : logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - Math.log(rootTwoPi);
}

/** P(D <= d) to the order n^-3/2 (Pelz and Good, 1976), its four series in their form for small arguments. */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  let [even2, even3] = [0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k--) {
    const a = ((2 * k - 1) * Math.PI) ** 2 / 4;
    const odd = Math.exp(-a / (2 * z2));
    k0 += odd;
    k1 += odd * (a - z2);
    k2 += odd * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a * a);
    k3 +=
      odd *
      (-30 * z6 - 90 * z4 * z4 + (135 * z4 - 96 * z6) * a + (212 * z4 - 60 * z2) * a * a + (5 - 30 * z2) * a * a * a);
    const b = (k * Math.PI) ** 2;
    const even = Math.exp(-b / (2 * z2));
    even2 += even * b;
    even3 += even * b * (3 * z2 - b);
  }
  const first = k0 / z;
  const second = k1 / (6 * z4);
  const third = k2 / (72 * z6 * z) - even2 / (36 * z2 * z);
  const fourth = k3 / (6480 * z6 * z4) + even3 / (216 * z6);
  return rootTwoPi * (first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5);
}
