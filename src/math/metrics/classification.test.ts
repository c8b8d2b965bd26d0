import fc from 'fast-check';
import {expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {calibration, expectedCalibrationError} from './calibration.ts';
import {baseRate, countPositives} from './labels.ts';
import {prAuc} from './pr-auc.ts';
import {accuracy, brier, logLoss} from './probability.ts';
import {rocAuc} from './roc-auc.ts';

// The same thousand rows in Python: i = np.arange(1000); a = ((i*7919)%1009)/1009; t = ((i*7919)%23)/23;
// y = ((i*i*31+i*17)%97)/97 < a*0.6. Golden values: scikit-learn 1.9.1.
const rows = Array.from({length: 1000}, (_, i) => i);
const a = rows.map(i => ((i * 7919) % 1009) / 1009);
const tied = rows.map(i => ((i * 7919) % 23) / 23);
const y = rows.map((i): number => (((i * i * 31 + i * 17) % 97) / 97 < a[i]! * 0.6 ? 1 : 0));

test('rocAuc equals sklearn.metrics.roc_auc_score, ties included', () => {
  expect(rocAuc(a, y)).toBeCloseTo(0.7483119792573154, 13);
  expect(rocAuc(tied, y)).toBeCloseTo(0.5075910727912923, 13);
});

test('rocAuc is the share of positive-negative pairs in the right order', () => {
  const row = fc.record({score: fc.integer({min: -3, max: 3}), label: fc.integer({min: 0, max: 1})});
  const agrees = fc.property(fc.array(row, {minLength: 2, maxLength: 30}), table => {
    const pairs = table
      .filter(p => p.label === 1)
      .flatMap(p => table.filter(q => q.label === 0).map(q => [p, q] as const));
    const won = pairs.reduce((sum, [p, q]) => sum + (p.score > q.score ? 1 : p.score === q.score ? 0.5 : 0), 0);
    const auc = rocAuc(
      table.map(r => r.score),
      table.map(r => r.label),
    );
    if (pairs.length === 0) expect(auc).toBeNaN();
    else expect(auc).toBeCloseTo(won / pairs.length, 12);
  });
  fc.assert(agrees, {seed: 1});
});

test('prAuc equals sklearn.metrics.average_precision_score, ties included', () => {
  expect(prAuc(a, y)).toBeCloseTo(0.5551492217795454, 13);
  expect(prAuc(tied, y)).toBeCloseTo(0.34403668304564083, 13);
});

test('a metric that one class leaves undefined is NaN', () => {
  expect(rocAuc([0.1, 0.9], [1, 1])).toBeNaN();
  expect(rocAuc([], [])).toBeNaN();
  expect(prAuc([0.1, 0.9], [0, 0])).toBeNaN();
});

test('logLoss, brier, accuracy and baseRate equal their scikit-learn namesakes', () => {
  expect(logLoss(a, y)).toBeCloseTo(0.6762400793969668, 12);
  expect(brier(a, y)).toBeCloseTo(0.22212085580616867, 13);
  expect(accuracy(a, y)).toBe(0.674);
  expect(baseRate(y)).toBe(0.339);
});

test('logLoss of a certain mistake is that of the clipped probability', () => {
  expect(logLoss([0], [1])).toBeCloseTo(-Math.log(1e-15), 9);
  expect(logLoss([1], [0])).toBeCloseTo(-Math.log(1e-15), 1); // 1 - 1e-15 is only known to 1e-16
});

test('calibration equals sklearn.calibration.calibration_curve in both binnings', () => {
  const width = calibration(a, y, 10, 'width');
  const rates = [0.07, 0.11, 0.19, 0.1919191919191919, 0.26, 0.3564356435643564, 0.45, 0.52, 0.6039603960396039];
  rates.forEach((rate, bin) => {
    expect(width[bin]!.observedRate).toBeCloseTo(rate, 13);
  });
  expect(width[9]!.meanScore).toBeCloseTo(0.9503558879178303, 13);
  const mass = calibration(a, y, 10, 'mass');
  expect(mass.map(bin => bin.observedRate)).toEqual([0.07, 0.11, 0.19, 0.19, 0.27, 0.35, 0.45, 0.52, 0.6, 0.64]);
  expect(mass[9]!.meanScore).toBeCloseTo(0.9498513379583744, 13);
});

test('calibration bins hold every row once, in order, and never part equal scores', () => {
  for (const binning of ['mass', 'width'] as const) {
    const table = calibration(tied, y, 10, binning);
    expect(table.reduce((sum, bin) => sum + bin.count, 0)).toBe(1000);
    expect(table.reduce((sum, bin) => sum + bin.positives, 0)).toBe(339);
    for (let i = 1; i < table.length; i++) expect(table[i]!.low).toBeGreaterThan(table[i - 1]!.high);
  }
});

test('the calibration error is near 0 when outcomes follow the scores and large when they do not', () => {
  const random = seededRandom(6);
  const scores = Float64Array.from({length: 20_000}, () => random());
  const follows = Uint8Array.from(scores, p => (random() < p ? 1 : 0));
  const half = Uint8Array.from(scores, () => (random() < 0.5 ? 1 : 0));
  expect(expectedCalibrationError(calibration(scores, follows))).toBeLessThan(0.015);
  expect(Math.abs(expectedCalibrationError(calibration(scores, half)) - 0.25)).toBeLessThan(0.02);
});

test('malformed rows are refused with what was given', () => {
  expect(() => countPositives([1], [0, 1])).toThrow('scores and labels must have the same length, got 1 and 2');
  expect(() => rocAuc([1, 2], [0, 2])).toThrow('a label must be 0 or 1, got 2 at index 1');
  expect(() => calibration([0.5, 1.5], [0, 1])).toThrow('calibration needs probabilities between 0 and 1');
});
