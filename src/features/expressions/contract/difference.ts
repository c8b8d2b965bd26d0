// How far the forms of a function may differ (tests).
import type {Value} from '../../../protocol/index.ts';

/**
 * Allowed relative difference by example. What is not listed agrees to the bit (0 and -0 count as one). Sines
 * and bearings are small where they cancel, so those are absolute; so are metres, which haversines lose near the antipode.
 */
const RELATIVE: Readonly<Record<string, number>> = {power: 1e-15, square: 1e-15, exp: 1e-15, log: 1e-15, log1p: 2e-15};
const ABSOLUTE: Readonly<Record<string, number>> = {
  sin: 1e-15,
  cos: 1e-15,
  hourSin: 1e-15,
  hourCos: 1e-15,
  kilometres: 1e-3,
  offTheGlobe: 1e-3,
  metres: 1e-6,
  bearing: 1e-9,
};

/** 0 if `got` stands for `want` in the example of that name; the difference of numbers, else 1. */
export function difference(want: Value, got: Value, example: string): number {
  if (want === got) return 0;
  if (typeof want !== 'number' || typeof got !== 'number') return 1;
  const error = Math.abs(want - got);
  return error <= (ABSOLUTE[example] ?? (RELATIVE[example] ?? 0) * Math.abs(want)) ? 0 : error;
}
