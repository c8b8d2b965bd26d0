import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../random.ts';
import {andersonDarling, andersonDarlingOfBins} from './anderson-darling.ts';
import {cramerVonMises, cramerVonMisesOfBins} from './cramer-von-mises.ts';
import {eppsSingleton} from './epps-singleton.ts';
import {kolmogorovSmirnov} from './kolmogorov-smirnov.ts';
import {rankSum} from './rank-sum.ts';
import type {TwoSampleTest} from './two-sample.ts';

// What holds for every test of two samples of numbers.
type Test = (reference: ArrayLike<number>, current: ArrayLike<number>) => TwoSampleTest;
const byRank: [string, Test][] = [
  ['kolmogorovSmirnov', kolmogorovSmirnov],
  ['andersonDarling', andersonDarling],
  ['cramerVonMises', cramerVonMises],
  ['rankSum', rankSum],
];
const tests: [string, Test][] = [...byRank, ['eppsSingleton', eppsSingleton]];

const sample = fc.array(fc.integer({min: -40, max: 40}), {minLength: 5, maxLength: 30});
const untied = fc.uniqueArray(fc.integer({min: -4000, max: 4000}), {minLength: 12, maxLength: 50});

describe.each(tests)('%s', (_, test2) => {
  test('gives the same p for exchanged samples, for any order of the rows, and beside NaN', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const {pValue} = test2(x, y);
        expect(test2(y, x).pValue).toBeCloseTo(pValue, 9);
        expect(test2(x.toReversed(), [Number.NaN, ...y.toSorted((a, b) => a - b)]).pValue).toBe(pValue);
      }),
      {seed: 1},
    );
  });

  test('has a p uniform on [0, 1] without drift', () => {
    const random = seededRandom(5);
    const draw = (length: number): Float64Array => Float64Array.from({length}, () => normal(random));
    const repeats = 1000;
    // Epps and Singleton's estimate of a covariance needs two samples of some hundred rows.
    for (const [n, m] of test2 === eppsSingleton
      ? ([[150, 120]] as const)
      : ([
          [100, 80],
          [200, 40],
        ] as const)) {
      const pValues = Array.from({length: repeats}, () => test2(draw(n), draw(m)).pValue);
      for (const alpha of [0.01, 0.05, 0.3, 0.7]) {
        const share = pValues.filter(p => p <= alpha).length / repeats;
        // Three standard deviations, and what a statistic of few possible values or a limit law may miss.
        expect(Math.abs(share - alpha)).toBeLessThan(
          3 * Math.sqrt((alpha * (1 - alpha)) / repeats) + 0.025 * alpha + 0.002,
        );
      }
    }
  });

  test('is NaN with an empty side, or sees nothing to test', () => {
    const {pValue} = test2([], [1, 2, 3, 4, 5]);
    expect(Number.isNaN(pValue) || pValue === 1).toBe(true);
  });

  test('sees half a standard deviation in 500 rows, and none in the same rows', () => {
    const random = seededRandom(6);
    const draw = (shift: number): Float64Array => Float64Array.from({length: 500}, () => normal(random) + shift);
    const reference = draw(0);
    expect(test2(reference, draw(0.5)).pValue).toBeLessThan(1e-6);
    expect(test2(reference, reference).pValue).toBeGreaterThan(0.999);
  });
});

test.each(byRank)('%s sees only the order of values', (_, test2) => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      const cubed = (values: number[]): number[] => values.map(value => value ** 3 + 7);
      expect(test2(cubed(x), cubed(y))).toEqual(test2(x, y));
    }),
    {seed: 2},
  );
});

/** Every way to choose which of the pooled values are the reference: the law a p-value is about. */
function permutationP(test2: (x: number[], y: number[]) => number, x: number[], y: number[]): number {
  const pooled = [...x, ...y];
  const observed = test2(x, y);
  let asFar = 0;
  let all = 0;
  for (let chosen = 0; chosen < 1 << pooled.length; chosen++) {
    const one = pooled.filter((_, i) => (chosen >> i) & 1);
    if (one.length !== x.length) continue;
    all++;
    if (
      test2(
        one,
        pooled.filter((_, i) => !((chosen >> i) & 1)),
      ) >=
      observed - 1e-9
    )
      asFar++;
  }
  return asFar / all;
}

test.each([
  ['kolmogorovSmirnov', (x: number[], y: number[]) => kolmogorovSmirnov(x, y, 'exact')],
  ['cramerVonMises', (x: number[], y: number[]) => cramerVonMises(x, y, 'exact')],
] as const)('the exact p of %s counts every split of the pooled values', (_, exact) => {
  const random = seededRandom(8);
  for (const [n, m] of [
    [4, 4],
    [5, 3],
    [6, 4],
    [2, 7],
  ] as const) {
    const x = Array.from({length: n}, () => normal(random));
    const y = Array.from({length: m}, () => normal(random) + 0.7);
    expect(exact(x, y).pValue).toBeCloseTo(
      permutationP((a, b) => exact(a, b).statistic, x, y),
      12,
    );
  }
});

test('the p of andersonDarling falls without a jump, in its table and beyond', () => {
  const random = seededRandom(9);
  const draw = (length: number, shift: number): Float64Array =>
    Float64Array.from({length}, () => normal(random) + shift);
  const found = Array.from({length: 400}, (_, i) => andersonDarling(draw(60, 0), draw(50, i / 200)));
  found.sort((a, b) => a.statistic - b.statistic);
  for (let i = 1; i < found.length; i++) {
    expect(found[i]!.pValue).toBeLessThanOrEqual(found[i - 1]!.pValue);
    const step = found[i]!.statistic - found[i - 1]!.statistic;
    expect(found[i - 1]!.pValue / found[i]!.pValue).toBeLessThan(Math.exp(1.5 * step) + 1e-12);
  }
  expect(found[0]!.pValue).toBeGreaterThan(0.9);
  expect(found.at(-1)!.pValue).toBeLessThan(1e-9);
});

test('andersonDarling of counts equals that of the rows', () => {
  const reference = [30, 12, 0, 8, 1];
  const current = [20, 19, 2, 8, 4];
  const rows = (counts: number[]): number[] => counts.flatMap((count, bin) => new Array<number>(count).fill(bin));
  const ofBins = andersonDarlingOfBins(reference, current);
  expect(ofBins.statistic).toBeCloseTo(andersonDarling(rows(reference), rows(current)).statistic, 12);
  expect(andersonDarling([1, 1, 1], [1, 1]).pValue).toBe(1);
});

test.each([
  ['andersonDarlingOfBins', andersonDarlingOfBins],
  ['cramerVonMisesOfBins', cramerVonMisesOfBins],
] as const)('%s keeps its alpha with few values', (_, test2) => {
  const random = seededRandom(12);
  for (const shares of [
    [0.5, 1],
    [0.1, 1],
    [0.02, 0.05, 0.15, 1],
    [0.2, 0.4, 0.6, 0.8, 1],
  ]) {
    const draw = (rows: number): number[] => {
      const counts = shares.map(() => 0);
      for (let i = 0; i < rows; i++) {
        const at = random();
        counts[shares.findIndex(share => at < share)]! += 1;
      }
      return counts;
    };
    let rejected = 0;
    for (let repeat = 0; repeat < 1500; repeat++) if (test2(draw(300), draw(200)).pValue <= 0.05) rejected++;
    expect(Math.abs(rejected / 1500 - 0.05)).toBeLessThan(0.02);
  }
});

test('kolmogorovSmirnov by its limit law is near the exact one', () => {
  fc.assert(
    fc.property(untied, untied, (x, y) => {
      const exact = kolmogorovSmirnov(x, y, 'exact').pValue;
      expect(Math.abs(kolmogorovSmirnov(x, y, 'asymptotic').pValue - exact)).toBeLessThan(0.25);
    }),
    {seed: 3},
  );
});

test('kolmogorovSmirnov of 10,000 against 9,999 values still adds up to the exact law', () => {
  const step = (length: number): Float64Array => Float64Array.from({length}, (_, i) => (i + 0.5) / length);
  expect(kolmogorovSmirnov(step(10_000), step(9_999)).pValue).toBe(1);
  const moved = kolmogorovSmirnov(
    step(10_000),
    step(9_999).map(value => value + 0.02),
  );
  const limit = kolmogorovSmirnov(
    step(10_000),
    step(9_999).map(value => value + 0.02),
    'asymptotic',
  );
  expect(moved.statistic).toBeCloseTo(0.02, 3);
  expect(Math.abs(moved.pValue / limit.pValue - 1)).toBeLessThan(0.05);
});
