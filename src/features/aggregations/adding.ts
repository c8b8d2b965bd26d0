import type {Aggregation} from './aggregation.ts';

const empty = (state: Float64Array, at: number): void => {
  state[at] = 0;
  state[at + 1] = 0;
};

const update = (state: Float64Array, at: number, value: number): void => {
  state[at]! += value;
  state[at + 1]! += 1;
};

const merge = (left: Float64Array, at: number, right: Float64Array, from: number): void => {
  left[at]! += right[from]!;
  left[at + 1]! += right[from + 1]!;
};

/** Sum in order of time. Sums of integers are exact up to 2^53. */
export const sum: Aggregation = {
  name: 'sum',
  slots: 2,
  empty,
  update,
  merge,
  read: (state, at) => (state[at + 1] === 0 ? Number.NaN : state[at]!),
};

/** Arithmetic mean; of a condition (1 or 0) it is the share of rows that satisfy it. */
export const mean: Aggregation = {
  name: 'mean',
  slots: 2,
  empty,
  update,
  merge,
  read: (state, at) => (state[at + 1] === 0 ? Number.NaN : state[at]! / state[at + 1]!),
};
