import {expect, test} from 'vitest';
import {normal, type Random, rocAuc, seededRandom} from '../../math/index.ts';
import {sigmoid} from '../../models/index.ts';
import type {RowSample} from '../windows/row-sample.ts';
import {changeByFeature} from './change-by-feature.ts';
import {fitScoreCalibration} from './score-calibration.ts';

/** `strong` decides most, `weak` little, `noise` nothing; `none` is missing in some rows. */
function rows(count: number, random: Random, {strong = 1, noise = 0, missing = 0} = {}) {
  const columns = Array.from({length: 4}, () => new Float64Array(count));
  const [a, b, c, d] = columns as [Float64Array, Float64Array, Float64Array, Float64Array];
  const scores = new Float64Array(count);
  const labels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    a[i] = strong * normal(random);
    b[i] = Math.floor(3 * random());
    c[i] = noise + normal(random);
    d[i] = random() < missing ? Number.NaN : normal(random);
    scores[i] = sigmoid(-1 + 1.5 * a[i]! + 0.2 * b[i]!);
    labels[i] = random() < scores[i]! ? 1 : 0;
  }
  const sample: RowSample = {
    rows: count,
    of: count,
    names: ['strong', 'weak', 'noise', 'none'],
    columns,
    categorical: [false, true, false, false],
    scores,
  };
  return {...sample, labels};
}

const random = seededRandom(41);
const reference = rows(8_000, random);
const calibration = fitScoreCalibration(reference.scores, reference.labels, {random});
const changes = (sample: RowSample, features: readonly string[], metric = 'auc') =>
  changeByFeature({reference, sample, calibration, features, metric, options: {decideAt: 0.5}});

test('the feature that takes the performance with it comes first, others change next to nothing', () => {
  const narrow = rows(8_000, random, {strong: 0.4, noise: 1});
  const found = changes(narrow, ['noise', 'weak', 'strong']);
  const all = rocAuc(narrow.scores, narrow.labels) - rocAuc(reference.scores, reference.labels);
  expect(found.map(({feature}) => feature)[0]).toBe('strong');
  expect(found[0]!.change).toBeLessThan(-0.05);
  expect(Math.abs(found[0]!.change - all)).toBeLessThan(0.03);
  for (const {change} of found.slice(1)) expect(Math.abs(change)).toBeLessThan(0.02);
});

test('nothing changes by a feature that is as it was', () => {
  for (const {change} of changes(rows(8_000, random), ['strong', 'weak', 'noise', 'none']))
    expect(Math.abs(change)).toBeLessThan(0.01);
});

test('missing values are a bin of their own, and what the window lacks is said', () => {
  expect(changes(rows(2_000, random, {missing: 0.5}), ['none'])[0]!.missing).toBe(0);
  const few = rows(2_000, random, {strong: 0.3});
  expect(changes(few, ['strong'])[0]!.missing).toBeGreaterThan(0);
});

test('a feature that is always missing answers for the whole difference to the reference', () => {
  const broken = rows(4_000, random, {missing: 1, strong: 0.4});
  const [found] = changes(broken, ['none']);
  expect(found!.missing).toBeCloseTo(1, 12);
  const all = rocAuc(broken.scores, broken.labels) - rocAuc(reference.scores, reference.labels);
  expect(Math.abs(found!.change - all)).toBeLessThan(0.03);
});

test('features and metrics that are not there are left out', () => {
  const sample = rows(500, random);
  expect(changes(sample, ['unknown'])).toEqual([]);
  expect(changes(sample, ['strong'], 'value')).toEqual([]);
});
