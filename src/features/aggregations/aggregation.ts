/**
 * One way of summing up many values, written once and run everywhere: over a whole history (batch), over a stream,
 * and over parts made elsewhere (`merge`). The state is `slots` float64 numbers of a flat array, from `at` on.
 */
export interface Aggregation {
  readonly slots: number;
  /** How many numbers `read` writes. */
  readonly outputs: number;
  /** Names the state: two with the same name keep the same one, and differ in what they `read` from it. */
  readonly state?: string;
  empty(state: Float64Array, at: number): void;
  /**
   * Takes the values `data[from .. to)`, which are in order of time; NaN (null) is skipped. The time of the value at
   * `i` is `data[i - lag]`. What was taken before is earlier, except for an event that came after its place was
   * closed: an aggregation that depends on the order compares times.
   */
  update(state: Float64Array, at: number, data: Float64Array, from: number, to: number, lag: number): void;
  /** `merge` adds the numbers of the right state to those of the left, and does nothing else. */
  readonly adds?: true;
  /** Adds the later part `right` to the earlier part `left`. */
  merge(left: Float64Array, at: number, right: Float64Array, from: number): void;
  /** Writes the answer as of `q` (UTC ms) to `out` from `to` on. NaN where there is nothing to read: null. */
  read(state: Float64Array, at: number, q: number, out: Float64Array, to: number): void;
}
