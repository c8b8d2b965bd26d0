import type {Aggregation} from './aggregation.ts';

/**
 * Sum of the values, each weighed by 2^(-(q - time) / halfLife), and the mean with these weights. State: weighed sum
 * and sum of weights as of the time of the latest value, and that time.
 */
function decayed(halfLifeMs: number, answer: (sum: number, weights: number) => number): Aggregation {
  const fade = (ms: number): number => 2 ** (-ms / halfLifeMs);
  const add = (state: Float64Array, at: number, sum: number, weights: number, time: number): void => {
    const latest = state[at + 2]!;
    if (Number.isNaN(latest)) {
      state[at] = sum;
      state[at + 1] = weights;
      state[at + 2] = time;
    } else if (time >= latest) {
      const factor = fade(time - latest);
      state[at] = state[at]! * factor + sum;
      state[at + 1] = state[at + 1]! * factor + weights;
      state[at + 2] = time;
    } else {
      const factor = fade(latest - time);
      state[at]! += sum * factor;
      state[at + 1]! += weights * factor;
    }
  };
  return {
    slots: 3,
    outputs: 1,
    state: `decayed ${halfLifeMs}`,
    empty: (state, at) => {
      state[at] = 0;
      state[at + 1] = 0;
      state[at + 2] = Number.NaN;
    },
    update: (state, at, data, from, to, lag) => {
      for (let i = from; i < to; i++) if (!Number.isNaN(data[i]!)) add(state, at, data[i]!, 1, data[i - lag]!);
    },
    merge: (left, at, right, from) => {
      if (!Number.isNaN(right[from + 2]!)) add(left, at, right[from]!, right[from + 1]!, right[from + 2]!);
    },
    read: (state, at, q, out, to) => {
      const latest = state[at + 2]!;
      const factor = fade(q - latest);
      out[to] = Number.isNaN(latest) ? Number.NaN : answer(state[at]! * factor, state[at + 1]! * factor);
    },
  };
}

export const decayedSum = (halfLifeMs: number): Aggregation => decayed(halfLifeMs, sum => sum);

/** Null when so much time has passed that all weights are 0. */
export const decayedMean = (halfLifeMs: number): Aggregation =>
  decayed(halfLifeMs, (sum, weights) => (weights === 0 ? Number.NaN : sum / weights));
