/**
 * One way of summing up many values, written once and run everywhere: over a whole history (batch), over a
 * stream, and over parts made elsewhere (`merge`). The state is `slots` float64 numbers of a flat array,
 * from `at` on. Values come in order of time; `right` is later than `left`. A value is never NaN (null
 * inputs are skipped by the caller), except for aggregations without input, which get 1 for each row.
 */
export interface Aggregation {
  readonly name: string;
  readonly slots: number;
  empty(state: Float64Array, at: number): void;
  update(state: Float64Array, at: number, value: number): void;
  merge(left: Float64Array, at: number, right: Float64Array, from: number): void;
  /** NaN where there is nothing to read: null. */
  read(state: Float64Array, at: number): number;
}
