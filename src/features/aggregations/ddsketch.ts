import type {Collection, CollectionRead} from './collection.ts';
import {type ValueCounts, valueCounts} from './values.ts';

/** Above the index of any float64 at any accuracy, so that the sign of a key is the sign of its values. */
const OFFSET = 2 ** 40;

/** Ratio of the bounds of a bucket. */
const gammaOf = (accuracy: number): number => (1 + accuracy) / (1 - accuracy);

/**
 * DDSketch (Masson, Rim, Lee, VLDB 2019): counts in buckets whose bounds grow by a constant ratio, so that the middle
 * of a bucket is off by at most `accuracy` of any value in it. Keys are ordered as the values are; 0 has its own.
 */
export function ddSketch(accuracy: number): Collection<ValueCounts> {
  const scale = Math.log(gammaOf(accuracy));
  return {
    ...valueCounts,
    update: (state, data, from, to) => {
      for (let i = from; i < to; i++) {
        const value = data[i]!;
        if (Number.isNaN(value)) continue;
        const key = value === 0 ? 0 : Math.sign(value) * (Math.ceil(Math.log(Math.abs(value)) / scale) + OFFSET);
        state.set(key, (state.get(key) ?? 0) + 1);
      }
    },
  };
}

export function quantileEstimate(p: number, accuracy: number): CollectionRead<ValueCounts> {
  const gamma = gammaOf(accuracy);
  const middle = (key: number): number =>
    key === 0 ? 0 : (Math.sign(key) * 2 * gamma ** (Math.abs(key) - OFFSET)) / (gamma + 1);
  return {
    outputs: 1,
    read: (state, out, to) => {
      let n = 0;
      for (const times of state.values()) n += times;
      const rank = Math.floor(p * (n - 1));
      let seen = 0;
      out[to] = Number.NaN;
      for (const key of Float64Array.from(state.keys()).sort()) {
        seen += state.get(key)!;
        if (seen <= rank) continue;
        out[to] = middle(key);
        return;
      }
    },
  };
}
