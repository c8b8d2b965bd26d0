import {expect, test} from 'vitest';
import {emptySummary, summarize} from './summary.ts';
import {welchTest} from './welch.ts';

test('welchTest equals scipy.stats.ttest_ind(equal_var=False)', () => {
  // scipy 1.17.1: ttest_ind([2.1, 3.4, 1.9, 5.6, 4.4, 3.3], [1.1, 2.2, .5, 1.9], equal_var=False)
  const result = welchTest(summarize([1.1, 2.2, 0.5, 1.9]), summarize([2.1, 3.4, 1.9, 5.6, 4.4, 3.3]));
  expect(result.t).toBeCloseTo(2.9388233624351354, 12);
  expect(result.degreesOfFreedom).toBeCloseTo(7.873899644172928, 11);
  expect(result.pValue).toBeCloseTo(0.019072462221039102, 12);
  expect(result.low).toBeCloseTo(0.4316045746480375, 11);
  expect(result.high).toBeCloseTo(3.6183954253519612, 11);
});

test('constant samples differ surely or not at all, and too few values tell nothing', () => {
  const one = summarize([1, 1, 1]);
  expect(welchTest(one, one)).toMatchObject({difference: 0, t: 0, pValue: 1});
  expect(welchTest(one, summarize([2, 2]))).toMatchObject({difference: 1, low: 1, high: 1, pValue: 0});
  expect(welchTest(one, summarize([2])).pValue).toBeNaN();
  expect(welchTest(one, emptySummary()).pValue).toBeNaN();
});
