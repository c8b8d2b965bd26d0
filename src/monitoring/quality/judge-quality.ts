import type {QualityResult} from '../../protocol/index.ts';
import type {QualityCheck} from './definitions/quality-check.ts';
import type {ServedColumn} from './definitions/served-columns.ts';
import {QualityCounters, type QualityOptions} from './quality-counters.ts';
import type {ServedValue} from './tallies/tally.ts';

/** A column with its values, row by row; NaN or null where there is none. */
export type ServedValues = ServedColumn & {readonly values: ArrayLike<ServedValue>};

/** Tries checks on rows that are at hand, such as those of a file or of the prediction log. */
export function judgeQuality(
  checks: readonly QualityCheck[],
  columns: readonly ServedValues[],
  options: QualityOptions = {},
): QualityResult[] {
  const counters = new QualityCounters(checks, columns, options);
  const row: ServedValue[] = columns.map(() => null);
  const rows = columns[0]?.values.length ?? 0;
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns.length; c++) row[c] = columns[c]!.values[i] ?? null;
    counters.observe(row);
  }
  return counters.results();
}
