import type {Aggregation} from './aggregation.ts';

/** NaN is the empty state: comparisons with it are false. */
function extreme(name: string, better: (a: number, b: number) => boolean): Aggregation {
  const update = (state: Float64Array, at: number, value: number): void => {
    const best = state[at]!;
    if (Number.isNaN(best) || better(value, best)) state[at] = value;
  };
  return {
    name,
    slots: 1,
    empty: (state, at) => {
      state[at] = Number.NaN;
    },
    update,
    merge: (left, at, right, from) => {
      if (!Number.isNaN(right[from]!)) update(left, at, right[from]!);
    },
    read: (state, at) => state[at]!,
  };
}

export const min = extreme('min', (a, b) => a < b);
export const max = extreme('max', (a, b) => a > b);

/** The value of the last event that has one: in time, then by id. */
export const last: Aggregation = {
  name: 'last',
  slots: 1,
  empty: (state, at) => {
    state[at] = Number.NaN;
  },
  update: (state, at, value) => {
    state[at] = value;
  },
  merge: (left, at, right, from) => {
    if (!Number.isNaN(right[from]!)) left[at] = right[from]!;
  },
  read: (state, at) => state[at]!,
};
