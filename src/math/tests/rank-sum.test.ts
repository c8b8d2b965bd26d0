import fc from 'fast-check';
import {expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {rankSumOfBins} from './rank-sum.ts';

const counts = fc.array(fc.tuple(fc.nat(400), fc.nat(400)), {minLength: 1, maxLength: 12});

test('rankSumOfBins equals scipy.stats.mannwhitneyu(current, reference, use_continuity=False)', () => {
  // scipy 1.17.1, method='asymptotic', on each row's bin number
  const shifted = rankSumOfBins([120, 300, 250, 180, 100, 50], [80, 250, 300, 260, 60, 50]);
  expect(shifted.statistic).toBe(536150);
  expect(shifted.pValue).toBeCloseTo(0.004001115107376457, 13);
  expect(shifted.superiority).toBeCloseTo(0.53615, 14);
  expect(shifted.z).toBeGreaterThan(0);
  expect(rankSumOfBins([10, 0, 20, 0], [0, 5, 30, 0]).pValue).toBeCloseTo(0.025312122858422995, 13);
  const crowded = rankSumOfBins([400, 100000, 30], [10, 5000, 3]);
  expect(crowded.statistic).toBe(252303245);
  expect(crowded.pValue).toBeCloseTo(0.01460128193604275, 12);
});

test('superiority is the share of pairs that current wins, a tie being half a pair', () => {
  fc.assert(
    fc.property(counts, bins => {
      const reference = bins.map(bin => bin[0]);
      const current = bins.map(bin => bin[1]);
      let won = 0;
      for (let i = 0; i < bins.length; i++)
        for (let j = 0; j <= i; j++) won += current[i]! * reference[j]! * (i === j ? 0.5 : 1);
      expect(rankSumOfBins(reference, current).statistic).toBeCloseTo(won, 6);
    }),
    {seed: 1},
  );
});

test('exchanging the sides or reversing the bins mirrors the result', () => {
  fc.assert(
    fc.property(counts, bins => {
      const reference = bins.map(bin => bin[0]);
      const current = bins.map(bin => bin[1]);
      const given = rankSumOfBins(reference, current);
      for (const mirrored of [
        rankSumOfBins(current, reference),
        rankSumOfBins(reference.toReversed(), current.toReversed()),
      ]) {
        expect(mirrored.z).toBeCloseTo(-given.z, 9);
        expect(mirrored.pValue).toBeCloseTo(given.pValue, 9);
        expect(mirrored.superiority).toBeCloseTo(1 - given.superiority, 12);
      }
    }),
    {seed: 2},
  );
});

test('with nothing to rank z is 0 and p is 1', () => {
  expect(rankSumOfBins([5], [9])).toEqual({statistic: 22.5, z: 0, pValue: 1, superiority: 0.5});
  expect(rankSumOfBins([5, 3], [0, 0])).toEqual({statistic: 0, z: 0, pValue: 1, superiority: Number.NaN});
});

test('rankSumOfBins rejects about alpha of the samples without drift', () => {
  const random = seededRandom(3);
  let rejected = 0;
  for (let repeat = 0; repeat < 4000; repeat++) {
    const sides = [new Array<number>(8).fill(0), new Array<number>(8).fill(0)] as const;
    for (let i = 0; i < 150; i++) for (const side of sides) side[Math.floor(random() ** 2 * 8)]! += 1;
    if (rankSumOfBins(sides[0], sides[1]).pValue <= 0.05) rejected++;
  }
  expect(Math.abs(rejected / 4000 - 0.05)).toBeLessThan(0.0104); // 3 standard deviations
});
