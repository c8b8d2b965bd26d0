import type {Aggregation} from './aggregation.ts';

/**
 * Sample variance, or its root: count, mean and squared deviations from it (Welford 1962; merged as Chan, Golub and
 * LeVeque 1979). Null below two values.
 */
function spread(answer: (variance: number) => number): Aggregation {
  return {
    slots: 3,
    outputs: 1,
    state: 'moments',
    empty: (state, at) => {
      state.fill(0, at, at + 3);
    },
    update: (state, at, data, from, to) => {
      let n = state[at]!;
      let mean = state[at + 1]!;
      let squares = state[at + 2]!;
      for (let i = from; i < to; i++) {
        const value = data[i]!;
        if (Number.isNaN(value)) continue;
        n++;
        const delta = value - mean;
        mean += delta / n;
        squares += delta * (value - mean);
      }
      state[at] = n;
      state[at + 1] = mean;
      state[at + 2] = squares;
    },
    merge: (left, at, right, from) => {
      const m = right[from]!;
      if (m === 0) return;
      const n = left[at]!;
      // Into nothing it goes as it is: a prefix that is merged at each read must not round anew.
      if (n === 0) {
        for (let k = 0; k < 3; k++) left[at + k] = right[from + k]!;
        return;
      }
      const delta = right[from + 1]! - left[at + 1]!;
      left[at] = n + m;
      left[at + 1]! += (delta * m) / (n + m);
      left[at + 2]! += right[from + 2]! + (delta * delta * n * m) / (n + m);
    },
    read: (state, at, _q, out, to) => {
      out[to] = state[at]! < 2 ? Number.NaN : answer(state[at + 2]! / (state[at]! - 1));
    },
  };
}

export const variance = spread(value => value);
export const deviation = spread(Math.sqrt);
