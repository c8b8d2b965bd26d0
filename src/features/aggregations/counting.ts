import type {Aggregation} from './aggregation.ts';

/** Number of values. Over no rows it is 0, not null. */
export const count: Aggregation = {
  slots: 1,
  outputs: 1,
  adds: true,
  empty: (state, at) => {
    state[at] = 0;
  },
  update: (state, at, data, from, to, lag) => {
    let n = to - from;
    // The times themselves (lag 0) are never null.
    if (lag !== 0) for (let i = from; i < to; i++) if (Number.isNaN(data[i]!)) n--;
    state[at]! += n;
  },
  merge: (left, at, right, from) => {
    left[at]! += right[from]!;
  },
  read: (state, at, _q, out, to) => {
    out[to] = state[at]!;
  },
};

/**
 * Number of values between each two neighbours of `edges` (ascending): below the first, then [edge, next), then at
 * or above the last; one more answer than edges.
 */
export function histogram(edges: readonly number[]): Aggregation {
  const slots = edges.length + 1;
  return {
    slots,
    outputs: slots,
    adds: true,
    empty: (state, at) => {
      state.fill(0, at, at + slots);
    },
    update: (state, at, data, from, to) => {
      for (let i = from; i < to; i++) {
        const value = data[i]!;
        if (Number.isNaN(value)) continue;
        let bucket = 0;
        while (bucket < edges.length && value >= edges[bucket]!) bucket++;
        state[at + bucket]! += 1;
      }
    },
    merge: (left, at, right, from) => {
      for (let k = 0; k < slots; k++) left[at + k]! += right[from + k]!;
    },
    read: (state, at, _q, out, to) => {
      for (let k = 0; k < slots; k++) out[to + k] = state[at + k]!;
    },
  };
}
