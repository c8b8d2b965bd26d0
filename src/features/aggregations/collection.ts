import type {StringCodes} from '../windows/string-codes.ts';

/**
 * An aggregation whose state is as large as what it has seen, or a sketch: it does not fit into slots. Several
 * answers may come from one state (`reads`), so that a median and a distinct count share one.
 */
export interface Collection<S> {
  empty(): S;
  /** Takes `data[from .. to)`; NaN is skipped. Strings are codes of `codes`, which is null for numbers. */
  update(state: S, data: Float64Array, from: number, to: number, codes: StringCodes | null): void;
  /** Adds `right`, which is only read, to `left`. */
  merge(left: S, right: S): void;
  /** The state as bytes, and back. What comes back gives the same answers and merges in the same way. */
  encode(state: S): Uint8Array;
  decode(bytes: Uint8Array): S;
  /** About how much memory the state takes (bytes). */
  size(state: S): number;
}

/** One answer of a collection: writes `outputs` numbers (or codes) to `out` from `to` on. */
export interface CollectionRead<S> {
  readonly outputs: number;
  read(state: S, out: Float64Array, to: number, codes: StringCodes | null): void;
}
