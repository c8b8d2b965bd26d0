import {expect, test} from 'vitest';
import {seededRandom} from './random.ts';
import {Reservoir} from './reservoir.ts';

function sample(length: number, capacity: number, random: () => number): readonly number[] {
  const reservoir = new Reservoir<number>(capacity, random);
  for (let i = 0; i < length; i++) reservoir.offer(i);
  expect(reservoir.seen).toBe(length);
  return reservoir.items;
}

test('a short stream is kept whole', () => {
  expect(sample(3, 5, seededRandom(1))).toEqual([0, 1, 2]);
});

test('a long stream leaves a full reservoir of distinct items that repeats with its seed', () => {
  const items = sample(10_000, 50, seededRandom(1));
  expect(new Set(items).size).toBe(50);
  expect(sample(10_000, 50, seededRandom(1))).toEqual(items);
});

test('every place in the stream is kept about equally often', () => {
  const random = seededRandom(2);
  const counts = new Float64Array(40);
  for (let repeat = 0; repeat < 20_000; repeat++) for (const i of sample(40, 4, random)) counts[i]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  expect(chiSquare).toBeLessThan(72.1); // scipy.stats.chi2.isf(0.001, 39) = 72.05
});

test('a capacity of one still samples evenly', () => {
  const random = seededRandom(3);
  const counts = new Float64Array(5);
  for (let repeat = 0; repeat < 10_000; repeat++) counts[sample(5, 1, random)[0]!]! += 1;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(160); // 4 standard deviations
});

test('a capacity that is no positive integer is refused', () => {
  expect(() => new Reservoir(0, seededRandom(1))).toThrow('must be a positive integer, got 0');
});
