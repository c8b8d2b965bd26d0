import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {hellinger, lInfinity, totalVariation} from './bin-distances.ts';
import {jensenShannonDistance, kullbackLeibler} from './divergences.ts';
import {energyDistance, normalisedWasserstein, wasserstein} from './value-distances.ts';

type Distance = (reference: ArrayLike<number>, current: ArrayLike<number>) => number;

const ofBins: [string, Distance][] = [
  ['jensenShannonDistance', jensenShannonDistance],
  ['hellinger', hellinger],
  ['totalVariation', totalVariation],
  ['lInfinity', lInfinity],
];
const ofValues: [string, Distance][] = [
  ['wasserstein', wasserstein],
  ['energyDistance', energyDistance],
];

const counts = fc.array(fc.nat(200), {minLength: 5, maxLength: 5}).filter(bins => bins.some(count => count > 0));
const values = fc.array(fc.integer({min: -50, max: 50}), {minLength: 1, maxLength: 20});

test.each(ofBins)('%s is a metric from 0 to 1', (_, distance) => {
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      expect(distance(a, a)).toBe(0);
      expect(distance(a, b)).toBeCloseTo(distance(b, a), 14);
      expect(distance(a, b)).toBeLessThanOrEqual(1);
      expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-12);
    }),
    {seed: 1},
  );
  expect(distance([1, 0], [0, 1])).toBe(1);
  expect(distance([1], [0])).toBeNaN();
});

test('kullbackLeibler is 0 for the same shares only, and infinite for a new bin', () => {
  expect(kullbackLeibler([10, 20], [1, 2])).toBe(0);
  expect(kullbackLeibler([10, 20], [2, 1])).toBeGreaterThan(0.2);
  expect(kullbackLeibler([10, 0], [2, 1])).toBe(Infinity);
  expect(kullbackLeibler([2, 1], [10, 0])).toBeCloseTo(Math.log(1.5), 14);
});

describe.each(ofValues)('%s', (_, distance) => {
  test('is a metric, and 0 for a sample repeated', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        expect(distance(a, [...a, ...a])).toBe(0);
        expect(distance(a, b)).toBeCloseTo(distance(b, a), 12);
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-12);
      }),
      {seed: 2},
    );
    expect(distance([], [1])).toBeNaN();
  });

  test('does not see where both samples lie', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const moved = (sample: number[]): number[] => sample.map(value => value + 1024);
        expect(distance(moved(a), moved(b))).toBeCloseTo(distance(a, b), 12);
      }),
      {seed: 3},
    );
  });
});

test('wasserstein of a shift is the shift, in the reference’s standard deviations when normalised', () => {
  const reference = [1, 2, 3, 4, 5, 6, 7, 8];
  const moved = reference.map(value => value + 3);
  expect(wasserstein(reference, moved)).toBeCloseTo(3, 14);
  expect(normalisedWasserstein(reference, moved)).toBeCloseTo(3 / Math.sqrt(5.25), 14);
  expect(normalisedWasserstein([2, 2], [2, 3])).toBe(Infinity);
  expect(normalisedWasserstein([2, 2], [2])).toBe(0);
});

test('wasserstein is the mean distance of sorted pairs for samples of one size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({min: -50, max: 50}), fc.integer({min: -50, max: 50})), {minLength: 1}),
      pairs => {
        const x = Float64Array.from(pairs, pair => pair[0]).sort();
        const y = Float64Array.from(pairs, pair => pair[1]).sort();
        const mean = x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
        expect(
          wasserstein(
            pairs.map(pair => pair[0]),
            y,
          ),
        ).toBeCloseTo(mean, 10);
      },
    ),
    {seed: 4},
  );
});
