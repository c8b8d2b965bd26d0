import type {Aggregation} from './aggregation.ts';

/** NaN is the empty state: comparisons with it are false. */
const empty = (state: Float64Array, at: number): void => {
  state[at] = Number.NaN;
};

const read = (state: Float64Array, at: number, _q: number, out: Float64Array, to: number): void => {
  out[to] = state[at]!;
};

export const min: Aggregation = {
  slots: 1,
  outputs: 1,
  empty,
  update: (state, at, data, from, to) => {
    let best = state[at]!;
    for (let i = from; i < to; i++) if (!(data[i]! >= best) && !Number.isNaN(data[i]!)) best = data[i]!;
    state[at] = best;
  },
  merge: (left, at, right, from) => {
    if (!(right[from]! >= left[at]!) && !Number.isNaN(right[from]!)) left[at] = right[from]!;
  },
  read,
};

export const max: Aggregation = {
  slots: 1,
  outputs: 1,
  empty,
  update: (state, at, data, from, to) => {
    let best = state[at]!;
    for (let i = from; i < to; i++) if (!(data[i]! <= best) && !Number.isNaN(data[i]!)) best = data[i]!;
    state[at] = best;
  },
  merge: (left, at, right, from) => {
    if (!(right[from]! <= left[at]!) && !Number.isNaN(right[from]!)) left[at] = right[from]!;
  },
  read,
};
