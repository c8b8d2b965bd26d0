// Aggregations that depend on the order of time. Each state keeps the times, so that an event that comes after its
// place was closed does not displace a later one.

import type {Aggregation} from './aggregation.ts';

/** Puts a value and its time at one of `k` places, and the others one further; false if it has none among them. */
function put(state: Float64Array, at: number, k: number, place: number, value: number, time: number): boolean {
  if (place === k) return false;
  const times = at + k;
  if (place < k - 1) {
    state.copyWithin(at + place + 1, at + place, at + k - 1);
    state.copyWithin(times + place + 1, times + place, times + k - 1);
  }
  state[at + place] = value;
  state[times + place] = time;
  return true;
}

/**
 * The first `k` values, the earliest first: k values, then their times; what is not there is NaN. Events with the
 * same time come in the order of their ids.
 */
export function firstOf(k: number): Aggregation {
  const insert = (state: Float64Array, at: number, value: number, time: number): boolean => {
    const times = at + k;
    let place = k;
    while (place > 0 && !(state[times + place - 1]! <= time)) place--;
    return put(state, at, k, place, value, time);
  };
  return {
    slots: 2 * k,
    outputs: k,
    empty: (state, at) => {
      state.fill(Number.NaN, at, at + 2 * k);
    },
    update: (state, at, data, from, to, lag) => {
      for (let i = from; i < to; i++)
        if (!Number.isNaN(data[i]!) && !insert(state, at, data[i]!, data[i - lag]!)) return;
    },
    merge: (left, at, right, from) => {
      for (let j = 0; j < k && !Number.isNaN(right[from + j]!); j++)
        if (!insert(left, at, right[from + j]!, right[from + k + j]!)) return;
    },
    read: (state, at, _q, out, to) => {
      for (let j = 0; j < k; j++) out[to + j] = state[at + j]!;
    },
  };
}

/** The last `k` values, the latest first: k values, then their times; what is not there is NaN. */
export function lastOf(k: number): Aggregation {
  const insert = (state: Float64Array, at: number, value: number, time: number): boolean => {
    const times = at + k;
    let place = 0;
    while (place < k && state[times + place]! > time) place++;
    return put(state, at, k, place, value, time);
  };
  return {
    slots: 2 * k,
    outputs: k,
    empty: (state, at) => {
      state.fill(Number.NaN, at, at + 2 * k);
    },
    update: (state, at, data, from, to, lag) => {
      // Only the last k of the run can be among the last k of all.
      let first = to;
      for (let found = 0; first > from && found < k; ) if (!Number.isNaN(data[--first]!)) found++;
      for (let i = first; i < to; i++) if (!Number.isNaN(data[i]!)) insert(state, at, data[i]!, data[i - lag]!);
    },
    merge: (left, at, right, from) => {
      for (let j = k - 1; j >= 0; j--)
        if (!Number.isNaN(right[from + j]!)) insert(left, at, right[from + j]!, right[from + k + j]!);
    },
    read: (state, at, _q, out, to) => {
      for (let j = 0; j < k; j++) out[to + j] = state[at + j]!;
    },
  };
}

/** Milliseconds from the latest value's time to the query time. */
export const sinceLast: Aggregation = {
  slots: 1,
  outputs: 1,
  empty: (state, at) => {
    state[at] = Number.NaN;
  },
  update: (state, at, data, from, to, lag) => {
    for (let i = to - 1; i >= from; i--) {
      if (Number.isNaN(data[i]!)) continue;
      if (!(data[i - lag]! <= state[at]!)) state[at] = data[i - lag]!;
      return;
    }
  },
  merge: (left, at, right, from) => {
    if (!(right[from]! <= left[at]!) && !Number.isNaN(right[from]!)) left[at] = right[from]!;
  },
  read: (state, at, q, out, to) => {
    out[to] = q - state[at]!;
  },
};
