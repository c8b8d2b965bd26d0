import {describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import type {ReferenceRows} from '../windows/row-sample.ts';
import {neededRows} from './domain-power.ts';
import {MULTIVARIATE_DEFAULTS, type MultivariatePolicy} from './multivariate-policy.ts';
import {multivariateReports} from './multivariate-reports.ts';

type Change = {readonly shift?: number; readonly sign?: number; readonly clock?: number};

/** Two features that go together, two of no consequence, a category, and the time. */
function rowsOf(rows: number, random: Random, {shift = 0, sign = 1, clock = 0}: Change = {}): ReferenceRows {
  const column = (value: (row: number) => number) => Float64Array.from({length: rows}, (_, row) => value(row));
  const distance = column(() => normal(random) + shift);
  const columns = [
    distance,
    distance.map(x => sign * (x - shift) + 0.3 * normal(random)),
    column(() => normal(random)),
    column(() => (random() < 0.1 ? Number.NaN : normal(random))),
    column(() => Math.floor(30 * random() ** 2)),
    column(row => clock + row),
  ];
  const names = ['distance', 'delay', 'wind', 'gusts', 'airport', 'time'];
  const scores = column(() => random());
  const categorical = names.map(name => name === 'airport');
  return {rows, of: rows, names, columns, categorical, scores, labels: scores};
}

const policyOf = (method: MultivariatePolicy['methods'][number]): MultivariatePolicy => ({
  ...MULTIVARIATE_DEFAULTS,
  methods: [method],
});
async function reportOf(method: 'domain-classifier' | 'mmd' | 'pca', rows: number, seed: number, change: Change = {}) {
  const random = seededRandom(seed);
  const [reference, sample] = [rowsOf(1_500, random), rowsOf(rows, random, {clock: 1e6, ...change})];
  const [report] = await multivariateReports(reference, sample, policyOf(method), {except: ['time'], random});
  return report!;
}

describe('the domain classifier', () => {
  test('names the feature that moved, and is not told by the time', async () => {
    const report = await reportOf('domain-classifier', 600, 1, {shift: 0.8});
    expect(report).toMatchObject({method: 'domain-classifier', verdict: 'drift', threshold: 0.6, rows: 600});
    expect(report.pValue).toBeLessThan(1e-6);
    expect(report.features[0]!.feature).toBe('distance');
    expect(report.features[0]!.share).toBeGreaterThan(0.5);
    expect(report.features.reduce((sum, {share}) => sum + share, 0)).toBeCloseTo(1, 12);
    expect((await reportOf('domain-classifier', 600, 2)).verdict).toBe('stable');
  });

  test('sees features that no longer go together, though none of them moved by itself', async () => {
    const {verdict, features} = await reportOf('domain-classifier', 600, 3, {sign: -1});
    expect(verdict).toBe('drift');
    expect(features.map(({feature}) => feature).sort()).toEqual(['delay', 'distance']);
  });

  test('says insufficient data for few rows, unless the difference is beyond doubt', async () => {
    expect((await reportOf('domain-classifier', 60, 4, {shift: 0.2})).verdict).toBe('insufficient data');
    expect((await reportOf('domain-classifier', 60, 5, {shift: 4})).verdict).toBe('drift');
    expect((await reportOf('domain-classifier', 1, 6)).pValue).toBeNull();
  });

  test('needs more rows the finer the gate, the more features and the smaller the reference', () => {
    expect(neededRows(0.6, 0.01, 10, 5_000)).toBeLessThan(neededRows(0.55, 0.01, 10, 5_000)!);
    expect(neededRows(0.6, 0.01, 10, 5_000)).toBeLessThan(neededRows(0.6, 0.01, 40, 5_000)!);
    expect(neededRows(0.6, 0.01, 10, 5_000)).toBeLessThan(neededRows(0.6, 0.01, 10, 1_000)!);
    expect(neededRows(0.6, 0.01, 10, 100)).toBeNull();
  });
});

describe('MMD', () => {
  test('finds a shift of one feature of five, and says nothing of a small one', async () => {
    expect((await reportOf('mmd', 600, 7, {shift: 0.8})).verdict).toBe('drift');
    const small = await reportOf('mmd', 1_500, 8, {shift: 0.2});
    expect(small.verdict).toBe('stable');
    expect(small.value).toBeLessThan(small.threshold);
  });

  test('is a calibrated test: of clean windows, so many fall below alpha as it says', async () => {
    const runs = 150;
    let low = 0;
    for (let run = 0; run < runs; run++) {
      const random = seededRandom(run);
      const [reference, sample] = [rowsOf(80, random), rowsOf(50, random)];
      const [report] = await multivariateReports(reference, sample, policyOf('mmd'), {except: ['time'], random});
      if (report!.pValue! <= 0.1) low++;
    }
    expect(Math.abs(low / runs - 0.1)).toBeLessThan(3 * Math.sqrt(0.09 / runs));
  });
});

describe('PCA reconstruction', () => {
  test('finds features that no longer go together, and names them', async () => {
    const {verdict, value, features} = await reportOf('pca', 400, 9, {sign: -1});
    expect(verdict).toBe('drift');
    expect(value).toBeGreaterThan(1.2);
    expect(
      features
        .slice(0, 2)
        .map(({feature}) => feature)
        .sort(),
    ).toEqual(['delay', 'distance']);
  });

  test('is quiet without drift, and says insufficient data for few rows or a single feature', async () => {
    expect((await reportOf('pca', 400, 10)).verdict).toBe('stable');
    expect((await reportOf('pca', 20, 11)).verdict).toBe('insufficient data');
    const random = seededRandom(12);
    const [one, other] = [rowsOf(300, random), rowsOf(300, random)];
    const except = ['time', 'delay', 'wind', 'gusts', 'airport'];
    const [report] = await multivariateReports(one, other, policyOf('pca'), {except, random});
    expect(report!.verdict).toBe('insufficient data');
  });
});

test('features that a side lacks are left out, and without any there is nothing to tell', async () => {
  const random = seededRandom(13);
  const [reference, sample] = [rowsOf(300, random), rowsOf(300, random)];
  const policy: MultivariatePolicy = {...MULTIVARIATE_DEFAULTS, methods: ['domain-classifier', 'mmd', 'pca']};
  const other = {...sample, names: sample.names.map(name => `new ${name}`)};
  const reports = await multivariateReports(reference, other, policy, {except: [], random});
  expect(reports.map(({method, verdict}) => [method, verdict])).toEqual([
    ['domain-classifier', 'insufficient data'],
    ['mmd', 'insufficient data'],
    ['pca', 'insufficient data'],
  ]);
});
