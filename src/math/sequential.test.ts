import fc from 'fast-check';
import {expect, test} from 'vitest';
import {normal, seededRandom} from './random.ts';
import {confidenceSequence} from './sequential.ts';
import {emptySummary, summarize, updateSummary} from './summary.ts';
import {welchTest} from './welch.ts';

test('limits and p equal the formulas of the paper', () => {
  // NumPy 2.4.6, written with rho, s² = SE² n and the evidence E as the paper has them.
  const control = {count: 1200, mean: 0.2, m2: 1200 * 0.16};
  const treatment = {count: 1100, mean: 0.26, m2: 1100 * 0.19};
  const usual = confidenceSequence(control, treatment);
  expect(usual.difference).toBeCloseTo(0.06, 13);
  expect(usual.high - usual.difference).toBeCloseTo(0.05420249786310765, 12);
  expect(usual.pValue).toBeCloseTo(0.021406897247386467, 12);
  const strict = confidenceSequence(control, treatment, {alpha: 0.01, tunedFor: 800});
  expect(strict.difference - strict.low).toBeCloseTo(0.06340946099080723, 12);
  expect(strict.pValue).toBeCloseTo(0.01947745504377304, 12);
});

test('p is at most alpha exactly when the limits leave out zero', () => {
  const side = fc.record({
    count: fc.integer({min: 2, max: 5000}),
    mean: fc.double({min: -1, max: 1, noNaN: true}),
    m2: fc.double({min: 0.1, max: 5000, noNaN: true}),
  });
  const agrees = fc.property(side, side, fc.double({min: 0.001, max: 0.3, noNaN: true}), (a, b, alpha) => {
    const {low, high, pValue} = confidenceSequence(a, b, {alpha});
    if (Math.abs(pValue - alpha) > 1e-12) expect(pValue <= alpha).toBe(low > 0 || high < 0);
  });
  fc.assert(agrees, {seed: 1});
});

test('looking after every row keeps the false positives under alpha, where Welch does not', () => {
  const random = seededRandom(21);
  const experiments = 300;
  let sequential = 0;
  let naive = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const control = emptySummary();
    const treatment = emptySummary();
    let stopped = false;
    let fooled = false;
    for (let row = 0; row < 3000; row++) {
      updateSummary(random() < 0.5 ? control : treatment, normal(random));
      if (row < 100) continue;
      stopped ||= confidenceSequence(control, treatment).pValue <= 0.05;
      fooled ||= row % 50 === 0 && welchTest(control, treatment).pValue <= 0.05;
    }
    if (stopped) sequential++;
    if (fooled) naive++;
  }
  expect(sequential / experiments).toBeLessThanOrEqual(0.05);
  expect(naive / experiments).toBeGreaterThan(0.2);
});

test('a real difference is found, and the limits hold it at every look', () => {
  const random = seededRandom(22);
  let missed = 0;
  let found = 0;
  for (let experiment = 0; experiment < 100; experiment++) {
    const control = emptySummary();
    const treatment = emptySummary();
    let outside = false;
    for (let row = 0; row < 4000; row++) {
      if (random() < 0.5) updateSummary(control, random() < 0.2 ? 1 : 0);
      else updateSummary(treatment, random() < 0.3 ? 1 : 0);
      if (row < 100) continue;
      const {low, high} = confidenceSequence(control, treatment);
      outside ||= low > 0.1 || high < 0.1;
    }
    if (outside) missed++;
    if (confidenceSequence(control, treatment).pValue <= 0.05) found++;
  }
  expect(missed).toBeLessThanOrEqual(5);
  expect(found).toBeGreaterThan(95);
});

test('too few rows give infinite limits, and equal constants do not differ', () => {
  expect(confidenceSequence(summarize([1]), summarize([5, 6]))).toMatchObject({low: -Infinity, pValue: 1});
  expect(confidenceSequence(summarize([1, 1]), summarize([1, 1]))).toMatchObject({low: 0, high: 0, pValue: 1});
  expect(() => confidenceSequence(summarize([]), summarize([]), {alpha: 5})).toThrow('alpha must be between 0 and 1');
});
