/** A power of a matrix that gives the exact law of the Kolmogorov-Smirnov statistic. */

const scale = 2 ** 128;

/**
 * P(D <= d) for `n` values, all digits: an entry of H^n · n! / n^n, where H has 2⌈nd⌉ - 1 rows (Durbin,
 * 1968; Marsaglia, Tsang and Wang, "Evaluating Kolmogorov's distribution", 2003). Time grows with
 * (nd)³ log n. Needs nd > 0.5.
 */
export function durbinMatrix(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  let square: Scaled = {entries: stepMatrix(k - n * d, size), exponent: 0};
  let power: Scaled | null = null;
  for (let rest = n; ; square = product(square, square, size)) {
    if (rest % 2 === 1) power = power === null ? square : product(power, square, size);
    rest = Math.floor(rest / 2);
    if (rest === 0) break;
  }
  let {exponent} = power!;
  let probability = power!.entries[(k - 1) * size + k - 1]!;
  for (let i = 1; i <= n; i++) {
    probability *= i / n;
    if (probability < 1 / scale) {
      probability *= scale;
      exponent--;
    }
  }
  return probability * scale ** exponent;
}

/** Entries by row, times scale^exponent. */
type Scaled = {readonly entries: Float64Array; readonly exponent: number};

/** H: 1 / (i - j + 1)! on and below the first superdiagonal, the first column and last row cut short by `h`. */
function stepMatrix(h: number, size: number): Float64Array {
  const inverseFactorials = new Float64Array(size + 1).fill(1);
  for (let i = 1; i <= size; i++) inverseFactorials[i] = inverseFactorials[i - 1]! / i;
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= Math.min(i + 1, size - 1); j++) entries[i * size + j] = inverseFactorials[i - j + 1]!;
  for (let i = 0; i < size - 1; i++) {
    const cut = (1 - h ** (i + 1)) * inverseFactorials[i + 1]!;
    entries[i * size] = cut;
    entries[(size - 1) * size + size - 1 - i] = cut;
  }
  const corner = 1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size;
  entries[(size - 1) * size] = corner * inverseFactorials[size]!;
  return entries;
}

function product(a: Scaled, b: Scaled, size: number): Scaled {
  const entries = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a.entries[i * size + k]!;
      for (let j = 0; j < size; j++) entries[i * size + j]! += factor * b.entries[k * size + j]!;
    }
  const exponent = a.exponent + b.exponent;
  if (entries[(size >> 1) * size + (size >> 1)]! < scale) return {entries, exponent};
  return {entries: entries.map(entry => entry / scale), exponent: exponent + 1};
}
