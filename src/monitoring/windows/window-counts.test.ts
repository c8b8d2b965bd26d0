import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {histogram} from '../../math/index.ts';
import type {FeatureProfile, TrainingProfile} from '../profiles/training-profile.ts';
import {WindowCounts} from './window-counts.ts';

const numeric = (edges: readonly number[]): FeatureProfile => ({
  kind: 'numeric',
  name: 'x',
  importance: 1,
  edges,
  counts: new Array(edges.length + 1).fill(1),
  nulls: 0,
});
const origin: FeatureProfile = {
  kind: 'categorical',
  name: 'origin',
  importance: 1,
  categories: ['ORD', 'ATL', 'other'],
  codes: [7, 0],
  counts: [5, 4, 1],
  nulls: 0,
};
const profileOf = (...features: FeatureProfile[]): TrainingProfile => ({
  model: 'late',
  version: 1,
  rows: 10,
  baseRate: 0.2,
  features,
  prediction: {edges: [0.5], counts: [5, 5]},
  test: {
    rows: 10,
    positives: 2,
    baseRate: 0.2,
    meanPrediction: 0.2,
    auc: 0.7,
    aucLow: 0.6,
    aucHigh: 0.8,
    logLoss: 0.4,
    prAuc: 0.4,
    brier: 0.1,
    ece: 0,
  },
});

describe('WindowCounts', () => {
  test('bins numbers as the plain histogram does, edges, infinities and NaN included', () => {
    const value = fc.oneof(
      fc.integer({min: -5, max: 5}),
      fc.constantFrom(Number.NaN, Infinity, -Infinity),
      fc.double(),
    );
    const edges = fc
      .uniqueArray(fc.integer({min: -5, max: 5}), {maxLength: 11})
      .map(list => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(edges, fc.array(value, {maxLength: 40}), (cuts, values) => {
        const counts = new WindowCounts(profileOf(numeric(cuts)));
        for (const x of values) counts.add(Float64Array.of(x), 0.3, 1, 10);
        const expected = histogram(values, cuts);
        expect(counts.of(0)).toEqual({counts: expected.counts, nulls: expected.nulls});
      }),
      {seed: 5},
    );
  });

  test('counts categories by text or by code alike; what training did not name is other', () => {
    const counts = new WindowCounts(profileOf(origin));
    for (const value of ['ORD', 7, 'ATL', 0, 'XNA', 3, 99, null, Number.NaN]) counts.add([value], 0.3, 1, 10);
    expect(counts.of(0)).toEqual({counts: [2, 2, 3], nulls: 2});
  });

  test('the predictions are the lane after the features, and versions are counted apart', () => {
    const counts = new WindowCounts(profileOf(numeric([1, 2])));
    for (const [p, version] of [
      [0.2, 3],
      [0.5, 2],
      [0.9, 3],
    ] as const)
      counts.add(Float64Array.of(1), p, version, 10);
    expect(counts.of(1)).toEqual({counts: [1, 2], nulls: 0});
    expect(counts.byVersion).toEqual([
      {version: 2, predictions: 1},
      {version: 3, predictions: 2},
    ]);
    expect(counts.predictionSum).toBeCloseTo(1.6, 12);
  });
});
