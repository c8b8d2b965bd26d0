/** Has what is served moved away from the reference? Significance and size, both. */

import {benjaminiHochberg, psi} from '../../math/index.ts';
import type {DriftReport} from '../../protocol/index.ts';
import {type Cell, type Cells, cellsOf, type DriftPair, totalOf} from './cells.ts';
import {chanceOf} from './chance.ts';
import type {DriftSettings} from './drift-settings.ts';
import {neededRows} from './needed-rows.ts';

/** An effect so large that one window is enough, even one with few rows: a change of unit, a value that is always null. */
export const SEVERE = 1;
const SEVERE_ROWS = 30;
const SEVERE_ALPHA = 1e-6;

/**
 * One report per pair, in their order; all pairs are one family of tests (Benjamini and Hochberg). `drift` needs a
 * difference beyond chance (`chance.ts`) and a de-biased PSI of at least the floor: in large windows any difference is
 * significant, in small ones large effects are chance. Windows with too few rows to see what matters say
 * `insufficient data` (`needed-rows.ts`).
 *
 * Rows that share an hour or an airport are not independent, so that p-values are too small; the floor is what holds
 * back alerts then, and k of n windows.
 */
export function judgeDrift(pairs: readonly DriftPair[], settings: DriftSettings): DriftReport[] {
  const tried = pairs.map(pair => {
    const rows: Cell = {reference: totalOf(pair.reference), current: totalOf(pair.current)};
    // Without rows on a side there is nothing to compare.
    if (rows.reference === 0 || rows.current === 0) return {pair, rows, effect: 0, pValue: 1};
    const cells = cellsOf(pair);
    return {pair, rows, effect: effectOf(cells), pValue: chanceOf(cells, pair.kind === 'numeric', rows)};
  });
  const adjusted = benjaminiHochberg(tried.map(({pValue}) => pValue));
  // By steps, so that a slice more or less changes nothing: what is needed is remembered by reference and alpha.
  const alpha = settings.alpha / 2 ** Math.ceil(Math.log2(Math.max(1, pairs.length)));
  const leastSevere = settings.minRows ?? SEVERE_ROWS;
  return tried.map(({pair, rows, effect}, i): DriftReport => {
    const pValue = adjusted[i]!;
    const floor = pair.floor ?? settings.effect;
    const needed = settings.minRows ?? neededRows(pair, floor, alpha);
    const severe = effect >= Math.max(SEVERE, floor) && pValue <= SEVERE_ALPHA && rows.current >= leastSevere;
    const enough = needed !== null && rows.current >= needed;
    const drifts = severe || (enough && pValue <= settings.alpha && effect >= floor);
    return {
      subject: pair.subject,
      method: 'psi',
      effect,
      pValue,
      verdict: drifts ? 'drift' : enough ? 'stable' : 'insufficient data',
      rows: rows.current,
      needed,
      ...(severe ? {severe} : {}),
      nullShare: {
        reference: pair.reference.nulls / (rows.reference || 1),
        current: pair.current.nulls / (rows.current || 1),
      },
    };
  });
}

/** De-biased PSI over all cells. */
function effectOf({values, rare, nulls}: Cells): number {
  const cells = [...values, ...rare, ...(nulls ? [nulls] : [])];
  return psi(
    cells.map(({reference}) => reference),
    cells.map(({current}) => current),
  ).debiased;
}
