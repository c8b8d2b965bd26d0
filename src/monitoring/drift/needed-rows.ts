import {chiSquareSurvival} from '../../math/index.ts';
import {type BinCounts, type Cells, cellsOf, type DriftPair, totalOf} from './cells.ts';
import {fewestRows} from './fewest-rows.ts';

/** An effect of so many floors must be found with this probability, else a window says nothing. */
const MATTERS = 2.5;
const POWER = 0.8;
const MOST_ROWS = 2 ** 30;

/**
 * The fewest rows with which a drift of two and a half floors passes both gates, significance at `alpha` and the floor
 * itself, four times of five; null when no window has enough, because the reference is too small.
 *
 * The statistic is taken for a non-central chi-square with n·PSI (n the harmonic sum of both sides), whose tail is
 * Patnaik's approximation (Biometrika 36, 1949).
 */
export function neededRows(pair: DriftPair, floor: number, alpha: number): number | null {
  const key = `${floor}/${alpha}`;
  const known = found.get(pair.reference) ?? new Map<string, number | null>();
  found.set(pair.reference, known);
  if (!known.has(key)) known.set(key, search(pair, floor, alpha));
  return known.get(key)!;
}

/** A reference is asked about in every window. */
const found = new WeakMap<BinCounts, Map<string, number | null>>();

function search(pair: DriftPair, floor: number, alpha: number): number | null {
  const reference = totalOf(pair.reference);
  const isEnough = (rows: number): boolean => {
    const degrees = cellCount(cellsOf(planned(pair, rows))) - 1;
    if (degrees < 1) return false;
    const size = (rows * reference) / (rows + reference);
    const needed = Math.max(criticalValue(alpha, degrees), size * floor + degrees);
    return survival(needed, degrees, size * MATTERS * floor) >= POWER;
  };
  return fewestRows(isEnough, MOST_ROWS);
}

/** A window of so many rows without drift. */
function planned({subject, kind, reference}: DriftPair, rows: number): DriftPair {
  const share = rows / totalOf(reference);
  const current = {counts: reference.counts.map(count => count * share), nulls: reference.nulls * share};
  return {subject, kind, reference, current};
}

const cellCount = ({values, rare, nulls}: Cells): number => values.length + rare.length + (nulls ? 1 : 0);

/** P(X > x) for a non-central chi-square variable. */
function survival(x: number, degrees: number, noncentrality: number): number {
  const spread = (degrees + 2 * noncentrality) / (degrees + noncentrality);
  return chiSquareSurvival(x / spread, (degrees + noncentrality) / spread);
}

const criticalValues = new Map<string, number>();

function criticalValue(alpha: number, degrees: number): number {
  const key = `${alpha}/${degrees}`;
  const known = criticalValues.get(key);
  if (known !== undefined) return known;
  let [low, high] = [0, degrees + 10];
  while (chiSquareSurvival(high, degrees) > alpha) high *= 2;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (chiSquareSurvival(middle, degrees) > alpha) low = middle;
    else high = middle;
  }
  // Families and bins are few: what is remembered stays small, whatever asks.
  if (criticalValues.size > 10_000) criticalValues.clear();
  criticalValues.set(key, high);
  return high;
}
