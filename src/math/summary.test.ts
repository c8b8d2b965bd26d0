import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  emptySummary,
  mergeSummaries,
  type Summary,
  standardDeviation,
  summarize,
  updateSummary,
  variance,
} from './summary.ts';

const values = fc.array(fc.oneof(fc.integer({min: -1000, max: 1000}), fc.constant(Number.NaN)), {maxLength: 40});

function expectSame(actual: Summary, golden: Summary): void {
  expect({...actual, mean: 0, m2: 0}).toEqual({...golden, mean: 0, m2: 0});
  expect(actual.mean).toBeCloseTo(golden.mean, 9);
  expect(actual.m2).toBeCloseTo(golden.m2, 4);
}

test('mean and variance equal numpy.mean and numpy.var(ddof=1)', () => {
  // numpy 2.4.6; i = np.arange(1000); ((i*7919)%1009)/1009
  const summary = summarize(Array.from({length: 1000}, (_, i) => ((i * 7919) % 1009) / 1009));
  expect(summary.mean).toBeCloseTo(0.5001764122893955, 13);
  expect(variance(summary)).toBeCloseTo(0.08346593581394741, 13);
  expect(standardDeviation(summary)).toBeCloseTo(Math.sqrt(0.08346593581394741), 13);
});

test('one value at a time and a whole column agree', () => {
  const agrees = fc.property(values, column => {
    const state = emptySummary();
    for (const value of column) updateSummary(state, value);
    expectSame(state, summarize(column));
  });
  fc.assert(agrees, {seed: 1});
});

test('merging parts gives the summary of the whole, in any order, also from their JSON', () => {
  const agrees = fc.property(values, values, (left, right) => {
    const a: Summary = JSON.parse(JSON.stringify(summarize(left)));
    const b: Summary = JSON.parse(JSON.stringify(summarize(right)));
    expectSame(mergeSummaries(a, b), summarize([...left, ...right]));
    expectSame(mergeSummaries(b, a), summarize([...left, ...right]));
  });
  fc.assert(agrees, {seed: 1});
});

test('empty is the identity of merge, and nulls are counted apart', () => {
  const summary = summarize([3, Number.NaN, 5]);
  expect(summary).toEqual({count: 2, nulls: 1, mean: 4, m2: 2, min: 3, max: 5});
  expect(mergeSummaries(summary, emptySummary())).toEqual(summary);
  expect(mergeSummaries(emptySummary(), summary)).toEqual(summary);
  expect(summarize([Number.NaN])).toEqual({...emptySummary(), nulls: 1});
});

test('a large offset does not drown the variance', () => {
  const offset = summarize([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
  expect(variance(offset)).toBe(30);
  expect(variance(summarize([1]))).toBeNaN();
});
