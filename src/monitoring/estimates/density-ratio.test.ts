import {expect, test} from 'vitest';
import {densityRatio} from './density-ratio.ts';

test('weights are the odds of the window, corrected for how many rows there are of each', () => {
  // Of a kind of row that the reference has 300 of and the window 50, of 400 and 100 in all, 1 in 7 is the window's.
  const reference = Float64Array.from({length: 400}, (_, i) => (i < 300 ? 50 / 350 : 50 / 150));
  const current = Float64Array.from({length: 100}, (_, i) => (i < 50 ? 50 / 350 : 50 / 150));
  const {weights, effectiveRows, unlike} = densityRatio({reference, current});
  expect(weights[0]).toBeCloseTo(0.5 / 0.75, 12);
  expect(weights[399]).toBeCloseTo(0.5 / 0.25, 12);
  expect(effectiveRows).toBeCloseTo(400 ** 2 / (300 * (2 / 3) ** 2 + 100 * 4), 9);
  expect(unlike).toBe(0);
});

test('rows that the reference never has are unlike it, and leave few effective rows', () => {
  const reference = Float64Array.from({length: 400}, (_, i) => (i < 5 ? 0.9 : 0.01));
  const current = Float64Array.from({length: 400}, (_, i) => (i < 100 ? 1 : 0.5));
  const {effectiveRows, unlike} = densityRatio({reference, current});
  expect(unlike).toBe(0.25);
  expect(effectiveRows).toBeLessThan(10);
});
