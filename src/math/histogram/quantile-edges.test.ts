import fc from 'fast-check';
import {expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {histogram} from './histogram.ts';
import {quantileEdges} from './quantile-edges.ts';

test('the bins of a continuous sample have equal counts', () => {
  const random = seededRandom(1);
  const sample = Array.from({length: 1000}, random);
  expect(histogram(sample, quantileEdges(sample, 10)).counts).toEqual(new Array(10).fill(100));
});

test('edges ascend strictly and, unless the sample is constant, leave no bin empty', () => {
  const sample = fc.array(fc.oneof(fc.integer({min: 0, max: 5}), fc.double({noNaN: true, min: -9, max: 9})), {
    minLength: 1,
    maxLength: 50,
  });
  const holds = fc.property(sample, fc.integer({min: 2, max: 12}), (values, bins) => {
    const {counts} = histogram(values, quantileEdges(values, bins)); // throws on edges that do not ascend
    expect(counts.length).toBeLessThanOrEqual(Math.max(bins, 3));
    if (values.some(value => value !== values[0])) expect(counts.every(count => count > 0)).toBe(true);
  });
  fc.assert(holds, {seed: 1, numRuns: 300});
});

test('a constant has a bin of its own, below and above it stay free', () => {
  for (const constant of [7, 0, -0, -2.5])
    expect(
      histogram([constant, constant - 1e-9, constant + 1e-9], quantileEdges([constant, constant], 10)).counts,
    ).toEqual([1, 1, 1]);
});

test('a rare value above a common minimum keeps a bin', () => {
  const sample = [...new Array<number>(99).fill(0), 5];
  expect(quantileEdges(sample, 10)).toEqual([5]);
});

test('nulls do not count, and a sample without values has no edges', () => {
  expect(quantileEdges([Number.NaN], 10)).toEqual([]);
  expect(() => quantileEdges([1], 1)).toThrow('bins must be an integer of 2 or more, got 1');
});
