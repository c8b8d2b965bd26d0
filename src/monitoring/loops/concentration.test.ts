import {describe, expect, test} from 'vitest';
import {sampleIndices, seededRandom} from '../../math/index.ts';
import {evenness, gini, rarefiedItems} from './concentration.ts';

const COUNTS = [50, 30, 10, 5, 3, 1, 1];

describe('rarefiedItems', () => {
  test('is the mean number of different items in random draws', () => {
    const random = seededRandom(1);
    const rows = COUNTS.flatMap((count, item) => new Array<number>(count).fill(item));
    const draws = Array.from(
      {length: 4_000},
      () => new Set(Array.from(sampleIndices(100, 20, random), i => rows[i]!)).size,
    );
    expect(rarefiedItems(COUNTS, 20)).toBeCloseTo(draws.reduce((a, b) => a + b) / draws.length, 1);
  });

  test('is one of one row, all of all rows, and unknown of more', () => {
    expect(rarefiedItems(COUNTS, 1)).toBeCloseTo(1, 9);
    expect(rarefiedItems(COUNTS, 100)).toBe(7);
    expect(rarefiedItems(COUNTS, 101)).toBeNaN();
  });
});

test('gini is half the mean difference of two items over the mean, by definition', () => {
  const all = [...COUNTS, 0, 0];
  const differences = all.flatMap(a => all.map(b => Math.abs(a - b))).reduce((sum, x) => sum + x, 0);
  expect(gini(COUNTS, all.length)).toBeCloseTo(differences / (2 * all.length * 100), 12);
  expect(gini([4, 4, 4], 3)).toBe(0);
  expect(gini([12], 4)).toBe(0.75);
  expect(gini([], 4)).toBeNaN();
});

test('evenness is 1 for an even catalogue and 0 for one item, whatever the number of rows', () => {
  expect(evenness([1_000_000], 10)).toBe(0);
  expect(evenness(new Array(10).fill(1e6), 10)).toBeCloseTo(1, 6);
  const random = seededRandom(2);
  const few = Array.from({length: 200}, () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 60; i++) counts[Math.floor(10 * random())]!++;
    return evenness(counts, 10);
  });
  expect(few.reduce((a, b) => a + b) / 200).toBeCloseTo(1, 1);
});
