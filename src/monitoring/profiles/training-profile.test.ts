import {expect, test} from 'vitest';
import {metricsOf} from '../../evaluation/index.ts';
import {buildTrainingProfile} from './training-profile.ts';

const scores = Float64Array.from({length: 1_000}, (_, i) => (i + 0.5) / 1_000);
const given = {
  model: 'late',
  version: 3,
  baseRate: 0.2,
  predictions: scores,
  test: metricsOf(
    scores,
    scores.map(score => (score > 0.8 ? 1 : 0)),
  ),
};

test('a numeric feature has deciles, with nulls apart', () => {
  const values = Float64Array.from({length: 1_000}, (_, i) => (i < 100 ? Number.NaN : i));
  const profile = buildTrainingProfile({...given, features: [{name: 'x', kind: 'numeric', importance: 1, values}]});
  expect(profile.features[0]).toMatchObject({nulls: 100, counts: Array(10).fill(90)});
  expect(profile.rows).toBe(1_000);
  expect(profile.prediction.counts).toEqual(Array(10).fill(100));
});

test('a categorical feature keeps its 20 most frequent values, others are counted as one', () => {
  const values = Array.from({length: 300}, (_, i) => (i < 270 ? `v${i % 27 < 3 ? i % 3 : 3 + (i % 24)}` : null));
  const [feature] = buildTrainingProfile({
    ...given,
    features: [{name: 'c', kind: 'categorical', importance: 1, values}],
  }).features;
  expect(feature).toMatchObject({kind: 'categorical', nulls: 30, codes: []});
  if (feature?.kind !== 'categorical') throw new Error('unreachable');
  expect(feature.categories).toHaveLength(21);
  expect(feature.categories.at(-1)).toBe('other');
  expect(feature.counts.reduce((a, b) => a + b)).toBe(270);
});

test('codes are named by their vocabulary', () => {
  const [feature] = buildTrainingProfile({
    ...given,
    features: [
      {
        name: 'origin',
        kind: 'categorical',
        importance: 1,
        values: Float64Array.of(2, 2, 0, Number.NaN, 2),
        vocabulary: ['ATL', 'JFK', 'ORD'],
      },
    ],
  }).features;
  expect(feature).toMatchObject({categories: ['ORD', 'ATL', 'other'], codes: [2, 0], counts: [3, 1, 0], nulls: 1});
});

test('a profile is plain JSON, also of a feature that never had a value', () => {
  const values = new Float64Array(50).fill(Number.NaN);
  const profile = buildTrainingProfile({...given, features: [{name: 'x', kind: 'numeric', importance: 0, values}]});
  expect(profile.features[0]).toMatchObject({edges: [], counts: [0], nulls: 50});
  expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
});
