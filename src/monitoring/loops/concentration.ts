/** How evenly exposure is spread over items. */

import {logGamma} from '../../math/index.ts';

/**
 * Items to be expected in `rows` of the rows, drawn without replacement (rarefaction; Hurlbert, Ecology 52, 1971): the
 * number of different items grows with traffic, this one does not. NaN with fewer rows than that.
 */
export function rarefiedItems(counts: readonly number[], rows: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (rows > total) return Number.NaN;
  // 1 − C(total − count, rows) / C(total, rows)
  const rest = total - rows;
  const known = logGamma(rest + 1) - logGamma(total + 1);
  return counts.reduce((sum, count) => {
    if (count === 0) return sum;
    if (count > rest) return sum + 1;
    return sum - Math.expm1(logGamma(total - count + 1) - logGamma(rest - count + 1) + known);
  }, 0);
}

/** Gini's coefficient over a catalogue of `size`, items without exposure included: 0 is even, towards 1 is all for one. */
export function gini(counts: readonly number[], size: number): number {
  const sorted = counts.filter(count => count > 0).sort((a, b) => a - b);
  const total = sorted.reduce((sum, count) => sum + count, 0);
  const absent = size - sorted.length;
  const ranked = sorted.reduce((sum, count, i) => sum + (2 * (absent + i + 1) - size - 1) * count, 0);
  return total === 0 ? Number.NaN : ranked / (size * total);
}

/**
 * Entropy over that of an even catalogue of `size` (Shannon; 1 is even, 0 all for one), with Miller and Madow's
 * correction for what few rows miss (1955).
 */
export function evenness(counts: readonly number[], size: number): number {
  const shown = counts.filter(count => count > 0);
  const total = shown.reduce((sum, count) => sum + count, 0);
  if (total === 0 || size < 2) return Number.NaN;
  const entropy = shown.reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0);
  return Math.min(1, (entropy + (shown.length - 1) / (2 * total)) / Math.log(size));
}
