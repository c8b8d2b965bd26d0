import {expect, test} from 'vitest';
import {histogram} from '../histogram/histogram.ts';
import {quantileEdges} from '../histogram/quantile-edges.ts';
import {normal, seededRandom} from '../random.ts';
import {chiSquareTest} from './chi-square-test.ts';
import {jensenShannon, totalVariation} from './distance.ts';
import {ks2} from './ks2.ts';
import {twoProportionTest} from './proportions.ts';
import {psi} from './psi.ts';

const reference = [120, 300, 250, 180, 100, 50];
const current = [80, 250, 300, 260, 60, 50];

test('psi is the sum of (c - r) ln(c / r) over shares, half a row added to each bin', () => {
  // numpy 2.4.6: p = (ref+.5)/(ref+.5).sum(), q likewise, ((q-p)*np.log(q/p)).sum()
  const {psi: index, debiased} = psi(reference, current);
  expect(index).toBeCloseTo(0.08373372607917672, 13);
  expect(debiased).toBeCloseTo(0.08373372607917672 - 5 * (2 / 1000), 13);
});

test('psi is finite when a bin is new, ignores bins that both lack, and is NaN without rows', () => {
  expect(psi([100, 0], [50, 50]).psi).toBeGreaterThan(1);
  expect(psi([100, 0], [50, 50]).psi).toBeLessThan(10);
  expect(psi([0, 30, 40], [0, 20, 50])).toEqual(psi([30, 40], [20, 50]));
  expect(psi([1, 2], [0, 0]).psi).toBeNaN();
  expect(psi(reference, reference)).toEqual({psi: 0, debiased: 0});
});

test('without drift the mean of psi is what the correction subtracts', () => {
  const random = seededRandom(1);
  let sum = 0;
  for (let repeat = 0; repeat < 2000; repeat++) {
    const counts = [new Array<number>(10).fill(0), new Array<number>(10).fill(0)] as const;
    for (let i = 0; i < 500; i++) counts[0][Math.floor(random() * 10)]! += 1;
    for (let i = 0; i < 300; i++) counts[1][Math.floor(random() * 10)]! += 1;
    sum += psi(counts[0], counts[1]).psi;
  }
  const expected = 9 * (1 / 500 + 1 / 300);
  expect(Math.abs(sum / 2000 / expected - 1)).toBeLessThan(0.05);
});

test('chiSquareTest equals scipy.stats.chi2_contingency(correction=False)', () => {
  // scipy 1.17.1; the second table without the column that is empty on both sides
  const drifted = chiSquareTest(reference, current);
  expect(drifted.statistic).toBeCloseTo(41.63636363636364, 11);
  expect(drifted.degreesOfFreedom).toBe(5);
  expect(drifted.pValue).toBeCloseTo(6.977619379562271e-8, 18);
  const sparse = chiSquareTest([10, 0, 20, 0], [0, 5, 30, 0]);
  expect(sparse.statistic).toBeCloseTo(16.714285714285715, 11);
  expect(sparse.degreesOfFreedom).toBe(2);
  expect(sparse.pValue).toBeCloseTo(0.00023471398805907954, 14);
});

test('chiSquareTest with nothing to compare has p = 1', () => {
  expect(chiSquareTest([10], [20])).toEqual({statistic: 0, degreesOfFreedom: 0, pValue: 1});
  expect(chiSquareTest([10, 5], [0, 0]).pValue).toBe(1);
});

test('chiSquareTest rejects about alpha of the samples without drift', () => {
  const random = seededRandom(2);
  let rejected = 0;
  for (let repeat = 0; repeat < 2000; repeat++) {
    const counts = [new Array<number>(8).fill(0), new Array<number>(8).fill(0)] as const;
    for (let i = 0; i < 400; i++) for (const side of counts) side[Math.floor(random() ** 2 * 8)]! += 1;
    if (chiSquareTest(counts[0], counts[1]).pValue <= 0.05) rejected++;
  }
  expect(Math.abs(rejected / 2000 - 0.05)).toBeLessThan(0.015); // 3 standard deviations
});

test('jensenShannon equals scipy.spatial.distance.jensenshannon(base=2)', () => {
  expect(jensenShannon(reference, current)).toBeCloseTo(0.12291892204276157, 13);
  expect(jensenShannon([10, 0, 20, 0], [0, 5, 30, 0])).toBeCloseTo(0.49669428498078505, 13);
  expect(jensenShannon([1, 0], [0, 1])).toBe(1);
  expect(jensenShannon([1], [0])).toBeNaN();
});

test('totalVariation is half the sum of absolute differences of shares', () => {
  expect(totalVariation(reference, current)).toBeCloseTo(0.13, 13);
  expect(totalVariation([1, 0], [0, 1])).toBe(1);
});

// i = np.arange(1000); a = ((i*7919)%1009)/1009; b = (a + ((i*271)%503)/503)/2; t = ((i*7919)%23)/23
const rows = Array.from({length: 1000}, (_, i) => i);
const a = rows.map(i => ((i * 7919) % 1009) / 1009);
const b = rows.map(i => (a[i]! + ((i * 271) % 503) / 503) / 2);
const tied = rows.map(i => ((i * 7919) % 23) / 23);

test('ks2 equals scipy.stats.ks_2samp in its statistic, and its p is scipy.special.kolmogorov of it', () => {
  const shifted = ks2(a, b.slice(0, 600));
  expect(shifted.statistic).toBeCloseTo(0.12966666666666668, 13);
  expect(shifted.pValue).toBeCloseTo(6.676369856581107e-6, 16);
  const withTies = ks2([...tied, Number.NaN], a.slice(0, 300));
  expect(withTies.statistic).toBeCloseTo(0.04933333333333333, 13);
  expect(withTies.pValue).toBeCloseTo(0.6281315175099114, 11);
  expect(ks2([], [1]).pValue).toBeNaN();
});

test('ks2 rejects no more than alpha of the samples without drift', () => {
  const random = seededRandom(3);
  const sample = (length: number) => Float64Array.from({length}, () => normal(random));
  let rejected = 0;
  for (let repeat = 0; repeat < 1000; repeat++) if (ks2(sample(150), sample(100)).pValue <= 0.05) rejected++;
  expect(rejected / 1000).toBeLessThanOrEqual(0.06);
  expect(rejected / 1000).toBeGreaterThan(0.02);
});

test('twoProportionTest equals statsmodels.stats.proportion.proportions_ztest', () => {
  // statsmodels 0.15.0: proportions_ztest([45, 30], [200, 210]), whose z is first minus second
  const result = twoProportionTest(45, 200, 30, 210);
  expect(result.z).toBeCloseTo(-2.1504697756219544, 12);
  expect(result.pValue).toBeCloseTo(0.03151807425222708, 12);
  expect(twoProportionTest(0, 10, 0, 20)).toEqual({difference: 0, z: 0, pValue: 1});
});

test('unequal bins and negative counts are refused', () => {
  expect(() => psi([1, 2], [1])).toThrow('both sides must have the same bins, got 2 and 1');
  expect(() => chiSquareTest([1, -2], [1, 1])).toThrow('a count must be 0 or more, got -2 and 1 in bin 1');
});

test('the example of the room page sees drift where there is some, and none where there is none', () => {
  const moved = (power: number): boolean => {
    const random = seededRandom(7);
    const training = Float64Array.from({length: 5000}, random);
    const live = Float64Array.from({length: 500}, () => random() ** power);
    const edges = quantileEdges(training, 10);
    const before = histogram(training, edges).counts;
    const after = histogram(live, edges).counts;
    return psi(before, after).debiased > 0.05 && chiSquareTest(before, after).pValue < 0.001;
  };
  expect(moved(1.6)).toBe(true);
  expect(moved(1)).toBe(false);
});
