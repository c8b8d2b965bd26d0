import {betaLower} from '../../../math/index.ts';

/** How often a check that holds exactly at its limit is called broken. Small: a broken contract wakes somebody. */
export const CHANCE = 0.001;

/** Of an interval with that chance on either side. */
export const CONFIDENCE = 1 - 2 * CHANCE;

/** Whether so many of so many rows are more than a share allows: exact binomial tail, P(X >= count) <= CHANCE. */
export function moreThan(share: number, count: number, rows: number): boolean {
  if (count <= share * rows) return false;
  return betaLower(count, rows - count + 1, share) <= CHANCE;
}

/** Whether they are fewer than a share asks for: P(X <= count) <= CHANCE. */
export const fewerThan = (share: number, count: number, rows: number): boolean =>
  moreThan(1 - share, rows - count, rows);
