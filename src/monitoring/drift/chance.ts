import {betaLower, chiSquareTest, rankSumOfBins} from '../../math/index.ts';
import type {Cell, Cells} from './cells.ts';

/**
 * The probability of a difference like this by chance: the least of up to four p-values times their number (Bonferroni).
 *
 * - Chi-square of homogeneity over the cells: sees any change of shape.
 * - Rank sum over ordered cells (Mann and Whitney, with ties): sees a move up or down with a third of the rows.
 * - Cells that are too small for chi-square, such as nulls or categories never seen in training: binomial, given both
 *   counts together (Przyborowski and Wilenski, 1940).
 *
 * Rows are taken for independent.
 */
export function chanceOf({values, rare, nulls}: Cells, ordered: boolean, rows: Readonly<Cell>): number {
  const pValues: number[] = [];
  const cells = nulls ? [...values, nulls] : values;
  if (cells.length > 1) pValues.push(chiSquareTest(cells.map(referenceOf), cells.map(currentOf)).pValue);
  if (ordered && values.length > 1) pValues.push(rankSumOfBins(values.map(referenceOf), values.map(currentOf)).pValue);
  for (const cell of rare) pValues.push(rareChance(cell, rows));
  return pValues.length === 0 ? 1 : Math.min(1, pValues.length * Math.min(...pValues));
}

/** Two-sided: at least so many, or at most so many, of `reference + current` rows to have come in the window. */
function rareChance({reference, current}: Cell, rows: Readonly<Cell>): number {
  const share = rows.current / (rows.current + rows.reference);
  const atLeast = current === 0 ? 1 : betaLower(current, reference + 1, share);
  const atMost = reference === 0 ? 1 : betaLower(reference, current + 1, 1 - share);
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}

const referenceOf = ({reference}: Cell): number => reference;
const currentOf = ({current}: Cell): number => current;
