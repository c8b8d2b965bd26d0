/** Do values rise with the time? The test of Mann (1945) and Kendall (1948), which asks for no shape of the rise. */

import {normalCdf} from '../../math/index.ts';

/** One-sided chance of a sequence that rises as clearly in random order, ties corrected; normal, from about 8 values on. */
export function risingChance(values: readonly number[]): number {
  const n = values.length;
  let score = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) score += Math.sign(values[i]! - values[j]!);
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const term = (k: number): number => k * (k - 1) * (2 * k + 5);
  const variance = (term(n) - [...ties.values()].reduce((sum, k) => sum + term(k), 0)) / 18;
  return variance > 0 ? normalCdf(-(score - 1) / Math.sqrt(variance)) : 1;
}
