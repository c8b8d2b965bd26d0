import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {histogram} from '../../math/index.ts';
import type {FeatureProfile, TrainingProfile} from '../profiles/training-profile.ts';
import {WindowBins} from './window-bins.ts';
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

const countsOf = (profile: TrainingProfile, slices: readonly string[] = []) =>
  new WindowCounts(new WindowBins(profile), slices);
const read = ({bins, block}: WindowCounts) => bins.read(block);

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
        const counts = countsOf(profileOf(numeric(cuts)));
        for (const x of values) counts.add(Float64Array.of(x), 0.3, 1, 10);
        const expected = histogram(values, cuts);
        expect(read(counts).features[0]).toEqual({counts: expected.counts, nulls: expected.nulls});
      }),
      {seed: 5},
    );
  });

  test('counts categories by text or by code alike; what training did not name is other', () => {
    const counts = countsOf(profileOf(origin));
    for (const value of ['ORD', 7, 'ATL', 0, 'XNA', 3, 99, null, Number.NaN]) counts.add([value], 0.3, 1, 10);
    expect(read(counts).features[0]).toEqual({counts: [2, 2, 3], nulls: 2});
  });

  test('predictions are counted like features, and each version by itself: all of them are the sum', () => {
    const counts = countsOf(profileOf(numeric([1, 2])));
    for (const [p, version] of [
      [0.2, 3],
      [0.5, 2],
      [0.9, 3],
    ] as const)
      counts.add(Float64Array.of(1), p, version, 10);
    expect(read(counts).prediction).toEqual({counts: [1, 2], nulls: 0});
    expect(counts.versions.map(({version, predictions}) => [version, predictions])).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(counts.bins.read(counts.versions[1]!.block).prediction).toEqual({counts: [1, 1], nulls: 0});
    expect(counts.predictionSum).toBeCloseTo(1.6, 12);
  });

  test('slices are counted by value of a feature or an input; those without a value are a slice too', () => {
    const profile = {...profileOf(numeric([1, 2])), inputs: [{...origin, codes: []}]};
    const counts = countsOf(profile, ['origin', 'x', 'no such']);
    for (const [x, from] of [
      [0, 'ORD'],
      [5, 'ORD'],
      [5, 'XNA'],
      [5, null],
    ] as const)
      counts.add([x], 0.3, 1, 10, {origin: from});
    expect(counts.slices.map(({name}) => name)).toEqual(['origin', 'x']);
    const slices = counts.slices.map(({values}) => values.map(value => value?.predictions ?? 0));
    expect(slices).toEqual([
      [2, 0, 1, 1],
      [1, 0, 3, 0],
    ]);
    const ord = counts.slices[0]!.values[0]!;
    expect(counts.bins.read(ord.block).features[0]).toEqual({counts: [1, 0, 1], nulls: 0});
    expect(counts.bins.read(counts.block).inputs[0]).toEqual({counts: [2, 0, 1], nulls: 1});
  });

  test('a category with a million values takes no more memory than one with twenty', () => {
    const counts = countsOf(profileOf(origin), ['origin']);
    for (let i = 0; i < 1_000_000; i++) counts.add([`plane ${i}`], 0.3, 1, 10);
    expect(read(counts).features[0]).toEqual({counts: [0, 0, 1_000_000], nulls: 0});
    expect(counts.slices[0]!.values.filter(Boolean)).toHaveLength(1);
  });

  test('values of another type, and names of objects, do no harm', () => {
    const profile = {
      ...profileOf(numeric([1])),
      inputs: [
        {...origin, name: '__proto__'},
        {...origin, name: 'a b\n"c"', categories: ['true', 'toString', 'other']},
      ],
    };
    const counts = countsOf(profile, ['__proto__', 'a b\n"c"']);
    counts.add(['text' as never], 0.3, 1, 10, JSON.parse('{"__proto__": "ORD", "a b\\n\\"c\\"": true}'));
    counts.add([{} as never], 0.3, 1, 10, {});
    const {features, inputs} = read(counts);
    expect(features[0]).toEqual({counts: [0, 0], nulls: 2});
    expect(inputs).toEqual([
      {counts: [1, 0, 1], nulls: 0},
      {counts: [1, 0, 0], nulls: 1},
    ]);
  });
});
