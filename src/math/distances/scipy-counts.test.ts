import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {andersonDarlingOfBins} from '../tests/anderson-darling.ts';
import {type ChiSquareTest, chiSquareTest, gTest} from '../tests/chi-square-test.ts';
import {fisherExact} from '../tests/fisher-exact.ts';
import {kolmogorovSmirnovOfBins} from '../tests/kolmogorov-smirnov.ts';
import {rankSumOfBins} from '../tests/rank-sum.ts';
import type {TwoSampleTest} from '../tests/two-sample.ts';
import {hellinger, lInfinity, totalVariation} from './bin-distances.ts';
import {jensenShannonDistance, jensenShannonDivergence, kullbackLeibler} from './divergences.ts';

// Golden values: scipy 1.17.1 by bench/peers/monitoring/statistics_oracle.py.
type Expected = {chiSquare: ChiSquareTest; gTest: ChiSquareTest} & Record<
  'rankSum' | 'ksAsymptotic' | 'andersonDarling',
  TwoSampleTest
> &
  Record<'fisher' | 'jensenShannon2' | 'jensenShannonE' | 'hellinger' | 'totalVariation' | 'lInfinity', number> &
  Record<'kullbackLeibler' | 'kullbackLeibler2', number | null>;
type Case = {name: string; reference: number[]; current: number[]; expected: Expected};

const {cases}: {cases: Case[]} = JSON.parse(readFileSync(new URL('./scipy-counts.json', import.meta.url), 'utf8'));

/** Within 1e-9, relative to the golden value where that is small. */
function expectNear(actual: number, golden: number, floor = 1e-300): void {
  const reach = 1e-9 * Math.max(Math.min(1, Math.abs(golden)), floor);
  expect(Math.abs(actual - golden), `${actual} against ${golden}`).toBeLessThanOrEqual(reach);
}

function expectTest(actual: TwoSampleTest, golden: TwoSampleTest): void {
  expectNear(actual.statistic, golden.statistic, 1);
  expectNear(actual.pValue, golden.pValue);
}

describe.each(cases)('of two counts, $name,', ({reference, current, expected}) => {
  test('chiSquareTest and gTest equal chi2_contingency without correction', () => {
    const chiSquare = chiSquareTest(reference, current);
    expectTest(chiSquare, expected.chiSquare);
    expect(chiSquare.degreesOfFreedom).toBe(expected.chiSquare.degreesOfFreedom);
    const g = gTest(reference, current);
    expectTest(g, expected.gTest);
    expect(g.degreesOfFreedom).toBe(expected.gTest.degreesOfFreedom);
  });

  test("the tests by rank equal scipy's on the rows' bin numbers", () => {
    expectTest(rankSumOfBins(reference, current), expected.rankSum);
    expectTest(kolmogorovSmirnovOfBins(reference, current), expected.ksAsymptotic);
    expectNear(andersonDarlingOfBins(reference, current).statistic, expected.andersonDarling.statistic, 1);
  });

  test('fisherExact equals fisher_exact on the first two bins', () => {
    const [a = 0, restOfA = 0] = reference;
    const [b = 0, restOfB = 0] = current;
    expectNear(fisherExact(a, a + restOfA, b, b + restOfB), expected.fisher);
  });

  test('the distances equal jensenshannon, entropy and their definitions in numpy', () => {
    expectNear(jensenShannonDistance(reference, current), expected.jensenShannon2, 0.1);
    expectNear(jensenShannonDistance(reference, current, 'e'), expected.jensenShannonE, 0.1);
    expectNear(jensenShannonDivergence(reference, current, 'e'), expected.jensenShannonE ** 2, 0.1);
    expectNear(hellinger(reference, current), expected.hellinger, 0.1);
    expectNear(totalVariation(reference, current), expected.totalVariation, 0.1);
    expectNear(lInfinity(reference, current), expected.lInfinity, 0.1);
    const divergence = kullbackLeibler(reference, current);
    if (expected.kullbackLeibler === null) expect(divergence).toBe(Infinity);
    else expectNear(divergence, expected.kullbackLeibler, 0.1);
    if (expected.kullbackLeibler2 !== null)
      expectNear(kullbackLeibler(reference, current, 2), expected.kullbackLeibler2, 0.1);
  });
});
