// Counts of many rows at once, distributed as if every row had been drawn: windows of a million rows in microseconds.
import {normal, type Random} from '../../src/math/index.ts';

/** Rows by cell: `rows` drawn with the probabilities `shares` (which sum to 1). */
export function multinomial(rows: number, shares: readonly number[], random: Random): number[] {
  let [left, mass] = [rows, 1];
  return shares.map((share, cell) => {
    const count = cell === shares.length - 1 ? left : binomial(left, Math.min(1, Math.max(0, share / mass)), random);
    left -= count;
    mass -= share;
    return count;
  });
}

/** Inversion for few expected rows, else transformed rejection (Hörmann, "The generation of binomial random variates", 1993). */
export function binomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  return n * p < 10 ? byInversion(n, p, random) : byRejection(n, p, random);
}

function byInversion(n: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  let density = (1 - p) ** n;
  let u = random();
  let k = 0;
  while (u > density && k < n) {
    u -= density;
    k++;
    density *= ((n + 1 - k) / k) * odds;
  }
  return k;
}

function byRejection(n: number, p: number, random: Random): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const inner = 0.92 - 4.2 / b;
  const mode = Math.floor((n + 1) * p);
  const height = logChoose(n, mode) + mode * Math.log(p) + (n - mode) * Math.log1p(-p);
  for (;;) {
    const u = random() - 0.5;
    let v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + c);
    if (us >= 0.07 && v <= inner) return k;
    if (k < 0 || k > n) continue;
    v = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (us * us) + b));
    if (v <= logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p) - height) return k;
  }
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

const SMALL = Float64Array.from({length: 256}, () => 0);
for (let k = 2; k < SMALL.length; k++) SMALL[k] = SMALL[k - 1]! + Math.log(k);

/** Stirling's series beyond a table. */
const logFactorial = (k: number): number =>
  k < SMALL.length
    ? SMALL[k]!
    : (k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * k) - 1 / (360 * k ** 3);

/** Shares that the population has between the deciles of `rows` sampled rows: a Dirichlet draw. */
export function sampledDeciles(rows: number, bins: number, random: Random): number[] {
  const spacings = Array.from({length: bins}, () => gamma(rows / bins, random));
  const sum = spacings.reduce((a, b) => a + b, 0);
  return spacings.map(spacing => spacing / sum);
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), shape 1 or more. */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
