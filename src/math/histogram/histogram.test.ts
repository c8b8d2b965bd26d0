import fc from 'fast-check';
import {expect, test} from 'vitest';
import {binOf, emptyHistogram, histogram, mergeHistograms} from './histogram.ts';

test('a bin holds its lower edge and not its upper, and the outer bins are open', () => {
  expect(histogram([-Infinity, 0.9, 1, 1.5, 2, 99, Infinity, Number.NaN], [1, 2])).toEqual({
    edges: [1, 2],
    counts: [2, 2, 3],
    nulls: 1,
  });
  expect(histogram([1, 2], []).counts).toEqual([2]);
});

test('binOf counts the edges at or below a value', () => {
  const edges = fc.uniqueArray(fc.integer({min: -20, max: 20})).map(list => list.sort((a, b) => a - b));
  const agrees = fc.property(edges, fc.integer({min: -25, max: 25}), (list, value) => {
    expect(binOf(list, value)).toBe(list.filter(edge => edge <= value).length);
  });
  fc.assert(agrees, {seed: 1});
});

test('merging parts gives the histogram of the whole', () => {
  const whole = histogram([1, 5, 9, Number.NaN, 2], [2, 6]);
  expect(mergeHistograms(histogram([1, 5], [2, 6]), histogram([9, Number.NaN, 2], [2, 6]))).toEqual(whole);
  expect(mergeHistograms(whole, emptyHistogram([2, 6]))).toEqual(whole);
});

test('unordered or different edges are refused', () => {
  expect(() => emptyHistogram([1, 1])).toThrow('edges must ascend strictly, got 1 at index 1');
  expect(() => emptyHistogram([Number.NaN])).toThrow('edges must ascend strictly, got NaN at index 0');
  expect(() => mergeHistograms(emptyHistogram([1]), emptyHistogram([2]))).toThrow('same edges');
});
