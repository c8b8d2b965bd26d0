// Exact answers about the values themselves: how often each was seen. The state grows with the number of different
// values, and so does the cost of a read; the sketches beside it are of bounded size.

import {compareIds} from '../windows/event-order.ts';
import type {StringCodes} from '../windows/string-codes.ts';
import type {Collection, CollectionRead} from './collection.ts';

/** Value (or code of a string) → number of times. */
export type ValueCounts = Map<number, number>;

const add = (state: ValueCounts, value: number, times: number): void => {
  // -0 and 0 are one key of a Map already.
  state.set(value, (state.get(value) ?? 0) + times);
};

export const valueCounts: Collection<ValueCounts> = {
  empty: () => new Map(),
  update: (state, data, from, to) => {
    for (let i = from; i < to; i++) if (!Number.isNaN(data[i]!)) add(state, data[i]!, 1);
  },
  merge: (left, right) => {
    for (const [value, times] of right) add(left, value, times);
  },
  encode: state => {
    const pairs = new Float64Array(2 * state.size);
    let i = 0;
    for (const [value, times] of state) {
      pairs[i++] = value;
      pairs[i++] = times;
    }
    return new Uint8Array(pairs.buffer);
  },
  decode: bytes => {
    const pairs = new Float64Array(new Uint8Array(bytes).buffer);
    const state: ValueCounts = new Map();
    for (let i = 0; i < pairs.length; i += 2) state.set(pairs[i]!, pairs[i + 1]!);
    return state;
  },
  size: state => 200 + 40 * state.size,
};

/** Number of different values. */
export const distinct: CollectionRead<ValueCounts> = {
  outputs: 1,
  read: (state, out, to) => {
    out[to] = state.size;
  },
};

/** Quantile `p` in [0, 1], linear between neighbours (numpy's default, type 7 of Hyndman and Fan 1996). */
export function quantileOf(p: number): CollectionRead<ValueCounts> {
  return {
    outputs: 1,
    read: (state, out, to) => {
      const values = Float64Array.from(state.keys()).sort();
      let n = 0;
      for (const times of state.values()) n += times;
      const rank = (n - 1) * p;
      const low = Math.floor(rank);
      let seen = 0;
      let i = 0;
      while (i < values.length - 1 && seen + state.get(values[i]!)! <= low) seen += state.get(values[i++]!)!;
      const value = values[i]!;
      const next = seen + (state.get(value) ?? 0) > low + 1 ? value : (values[i + 1] ?? value);
      out[to] = n === 0 ? Number.NaN : between(value, next, rank - low);
    },
  };
}

function between(value: number, next: number, share: number): number {
  if (share === 0 || next === value) return value;
  const step = next - value;
  return Number.isFinite(step) ? value + share * step : value * (1 - share) + next * share;
}

/**
 * The `k` values seen most often, each followed by how often: value, times, value, times ... Equally frequent ones are
 * ordered by value: numbers ascending, strings by their bytes.
 */
export function topOf(k: number): CollectionRead<ValueCounts> {
  const order = (codes: StringCodes | null) => (a: [number, number], b: [number, number]) =>
    b[1] - a[1] || (codes === null ? a[0] - b[0] : compareIds(codes.decode(a[0])!, codes.decode(b[0])!));
  return {
    outputs: 2 * k,
    read: (state, out, to, codes) => {
      const sorted = [...state].sort(order(codes));
      for (let j = 0; j < k; j++) {
        out[to + 2 * j] = sorted[j]?.[0] ?? Number.NaN;
        out[to + 2 * j + 1] = sorted[j]?.[1] ?? 0;
      }
    },
  };
}
