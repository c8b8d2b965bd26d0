import {expect, test} from 'vitest';
import {benjaminiHochberg, holm} from './corrections.ts';

// statsmodels 0.15.0, statsmodels.stats.multitest.multipletests
const pValues = [0.01, 0.04, 0.03, 0.005, 0.2, 0.9, 0.04];
const expectNear = (actual: number[], golden: number[]): void =>
  actual.forEach((p, i) => {
    expect(p).toBeCloseTo(golden[i]!, 13);
  });

test('benjaminiHochberg equals multipletests(method="fdr_bh")', () => {
  expectNear(benjaminiHochberg(pValues), [0.035, 0.056, 0.056, 0.035, 0.23333333333333336, 0.9, 0.056]);
});

test('holm equals multipletests(method="holm")', () => {
  expectNear(holm(pValues), [0.06, 0.16, 0.15, 0.035, 0.4, 0.9, 0.16]);
});

test('one p-value stays as it is, and none gives none', () => {
  expect(holm([0.3])).toEqual([0.3]);
  expect(benjaminiHochberg([0.3])).toEqual([0.3]);
  expect(holm([])).toEqual([]);
});

test('what is no probability is refused', () => {
  expect(() => holm([0.5, Number.NaN])).toThrow('a p-value must be between 0 and 1, got NaN at index 1');
});
