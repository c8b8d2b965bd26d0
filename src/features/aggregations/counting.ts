import type {Aggregation} from './aggregation.ts';

/** Number of values. Over no rows it is 0, not null. */
export const count: Aggregation = {
  name: 'count',
  slots: 1,
  empty: (state, at) => {
    state[at] = 0;
  },
  update: (state, at) => {
    state[at]! += 1;
  },
  merge: (left, at, right, from) => {
    left[at]! += right[from]!;
  },
  read: (state, at) => state[at]!,
};
