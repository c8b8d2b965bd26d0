import {expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {aucInterval, compareAuc} from './delong.ts';

// The thousand rows of classification.test.ts. Golden values: the paper's components written out in
// NumPy as a matrix of all positive-negative pairs, covariances with ddof=1; p by scipy.stats.norm.
const rows = Array.from({length: 1000}, (_, i) => i);
const a = rows.map(i => ((i * 7919) % 1009) / 1009);
const b = rows.map(i => (a[i]! + ((i * 271) % 503) / 503) / 2);
const tied = rows.map(i => ((i * 7919) % 23) / 23);
const y = rows.map((i): number => (((i * i * 31 + i * 17) % 97) / 97 < a[i]! * 0.6 ? 1 : 0));

test('the standard error is that of all pairs, ties included', () => {
  const interval = aucInterval(a, y);
  expect(interval.auc).toBeCloseTo(0.7483119792573154, 13);
  expect(interval.standardError).toBeCloseTo(0.015989622870985088, 13);
  expect(interval.high - interval.auc).toBeCloseTo(1.959963984540054 * 0.015989622870985088, 13);
  expect(aucInterval(tied, y).standardError).toBeCloseTo(0.01924049989907357, 13);
});

test('the paired comparison takes the covariance of the two scores into account', () => {
  const comparison = compareAuc(a, b, y);
  expect(comparison.aucB).toBeCloseTo(0.6827458173233547, 13);
  expect(comparison.difference).toBeCloseTo(0.06556616193396081, 13);
  expect(comparison.standardError).toBeCloseTo(0.014277773384281265, 13);
  expect(comparison.z).toBeCloseTo(4.592183960991013, 10);
  expect(comparison.pValue).toBeCloseTo(4.3863145428312555e-6, 15);
});

test('scores that rank alike do not differ', () => {
  const comparison = compareAuc(a, a.map(Math.sqrt), y);
  expect(comparison).toMatchObject({difference: 0, standardError: 0, z: 0, pValue: 1});
});

test('a perfect score has a degenerate interval, and too few rows have none', () => {
  expect(aucInterval([1, 2, 3, 4], [0, 0, 1, 1])).toEqual({auc: 1, standardError: 0, low: 1, high: 1});
  expect(aucInterval([1, 2, 3], [0, 0, 1]).low).toBeNaN();
});

test('the interval covers the true AUC about as often as it says', () => {
  const random = seededRandom(11);
  const truth = 0.7602499389065233; // scipy.stats.norm.cdf(1 / sqrt(2)): classes one standard deviation apart
  let covered = 0;
  for (let repeat = 0; repeat < 400; repeat++) {
    const labels = Array.from({length: 300}, () => (random() < 0.3 ? 1 : 0));
    const interval = aucInterval(
      labels.map(label => label + normal(random)),
      labels,
    );
    if (interval.low <= truth && truth <= interval.high) covered++;
  }
  expect(Math.abs(covered / 400 - 0.95)).toBeLessThan(0.035); // 3.2 standard deviations
});
