import {MillraceError} from '../../protocol/index.ts';
import type {Aggregation} from './aggregation.ts';

const empty = (state: Float64Array, at: number): void => {
  state[at] = 0;
  state[at + 1] = 0;
};

const update = (state: Float64Array, at: number, data: Float64Array, from: number, to: number): void => {
  let total = state[at]!;
  let n = 0;
  for (let i = from; i < to; i++) {
    const value = data[i]!;
    if (Number.isNaN(value)) continue;
    total += value;
    n++;
  }
  state[at] = total;
  state[at + 1]! += n;
};

const merge = (left: Float64Array, at: number, right: Float64Array, from: number): void => {
  left[at]! += right[from]!;
  left[at + 1]! += right[from + 1]!;
};

/** Sum in order of time. */
export const sum: Aggregation = {
  slots: 2,
  outputs: 1,
  adds: true,
  state: 'sum',
  empty,
  update,
  merge,
  read: (state, at, _q, out, to) => {
    out[to] = state[at + 1] === 0 ? Number.NaN : state[at]!;
  },
};

/** Arithmetic mean; of a condition (1 or 0) it is the share of rows that satisfy it. */
export const mean: Aggregation = {
  slots: 2,
  outputs: 1,
  adds: true,
  state: 'sum',
  empty,
  update,
  merge,
  read: (state, at, _q, out, to) => {
    out[to] = state[at + 1] === 0 ? Number.NaN : state[at]! / state[at + 1]!;
  },
};

/** The low part of an integer sum stays below this (2^52), so that adding to it is exact. */
const LOW = 0x10000000000000;
const HIGH = 0x100000000;
const LIMIT = 2 ** 63;

/** Moves what is too large for the low part to the high part, whose unit is 2^32. */
function carry(state: Float64Array, at: number, low: number): number {
  if (low < LOW && low > -LOW) return low;
  const high = Math.trunc(low / HIGH);
  state[at + 2]! += high;
  return low - high * HIGH;
}

/** Sum of integers, exact to 64 bits (the answer is rounded to float64); an overflow is an error. */
export const integerSum: Aggregation = {
  slots: 3,
  outputs: 1,
  empty: (state, at) => {
    state.fill(0, at, at + 3);
  },
  update: (state, at, data, from, to) => {
    let low = state[at]!;
    let n = 0;
    for (let i = from; i < to; i++) {
      const value = data[i]!;
      if (Number.isNaN(value)) continue;
      low = carry(state, at, low + carry(state, at, value));
      n++;
    }
    state[at] = low;
    state[at + 1]! += n;
  },
  merge: (left, at, right, from) => {
    left[at] = carry(left, at, left[at]! + right[from]!);
    left[at + 1]! += right[from + 1]!;
    left[at + 2]! += right[from + 2]!;
  },
  read: (state, at, _q, out, to) => {
    const total = state[at + 2]! * HIGH + state[at]!;
    if (total >= LIMIT || total < -LIMIT)
      throw new MillraceError('VALUE_OVERFLOW', 'A sum of integers does not fit into 64 bits.', {
        fix: 'Sum a smaller unit, a shorter window, or an expression of type number.',
      });
    out[to] = state[at + 1] === 0 ? Number.NaN : total;
  },
};
