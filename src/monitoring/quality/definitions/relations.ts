// Checks about several columns of one row. A row with a null among them says nothing, unless the check is about nulls.
import {type QualityCheck, qualityCheck} from './quality-check.ts';

/** Each value is at most the next: `inOrder('cheapest', 'price', 'dearest')`. */
export const inOrder = <const C extends string>(...columns: readonly C[]): QualityCheck<C> =>
  qualityCheck(columns, {kind: 'order'});

/** Two columns have the same value; numbers may differ by `tolerance`, 0 unless told. */
export const sameValue = <const C extends string>(
  a: C,
  b: C,
  {tolerance = 0}: {readonly tolerance?: number} = {},
): QualityCheck<C> => qualityCheck([a, b], {kind: 'same', tolerance});

/** Where one column is null all are: what comes from one place is there or missing together. */
export const nullTogether = <const C extends string>(...columns: readonly C[]): QualityCheck<C> =>
  qualityCheck(columns, {kind: 'null-together'});

/** `whole` is the sum of `parts`; they may differ by `tolerance`, 0 unless told, and by what rounding makes of a sum. */
export const sumOf = <const C extends string>(
  whole: C,
  parts: readonly C[],
  {tolerance = 0}: {readonly tolerance?: number} = {},
): QualityCheck<C> => qualityCheck([whole, ...parts], {kind: 'sum', tolerance});
