import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {sigmoid} from '../../models/index.ts';
import {calibrated, fitScoreCalibration} from './score-calibration.ts';
import {simulatedRows} from './simulated-rows.fixture.ts';

describe('the calibration of scores', () => {
  test('brings an overconfident model back to what its scores are worth', () => {
    const random = seededRandom(71);
    const {scores, labels} = simulatedRows(20_000, random, {overconfident: 1.6});
    const calibration = fitScoreCalibration(scores, labels, {random});
    expect(calibration.error!.after).toBeLessThan(calibration.error!.before / 3);
    const odds = [-3, -2, -1, 0];
    const probabilities = calibrated(
      Float64Array.from(odds, x => sigmoid(1.6 * x)),
      calibration,
    );
    odds.forEach((x, i) => {
      expect(Math.abs(probabilities[i]! - sigmoid(x))).toBeLessThan(0.03);
    });
  });

  test('leaves scores alone that cannot be bettered on rows held out', () => {
    const random = seededRandom(72);
    let left = 0;
    for (let run = 0; run < 20; run++) {
      const {scores, labels} = simulatedRows(1_000, random);
      if (fitScoreCalibration(scores, labels, {random}).isotonic === null) left++;
    }
    expect(left).toBeGreaterThan(4); // about half
  });

  test.each([
    ['one class', (i: number) => [i / 100, 0]],
    ['hardly any row of a class', (i: number) => [i / 100, i % 12 === 0 ? 1 : 0]],
    ['classes that do not overlap', (i: number) => [i / 100, i >= 50 ? 1 : 0]],
  ] as const)('is not tried with %s', (_, row) => {
    const rows = Array.from({length: 100}, (_, i) => row(i));
    const scores = Float64Array.from(rows, ([score]) => score!);
    const labels = Float64Array.from(rows, ([, label]) => label!);
    const calibration = fitScoreCalibration(scores, labels, {random: seededRandom(73)});
    expect(calibration).toMatchObject({isotonic: null, error: null, rows: 100});
    expect(calibrated(scores, calibration)).toBe(scores);
  });

  test('is plain JSON, the same for the same seed', () => {
    const {scores, labels} = simulatedRows(3_000, seededRandom(74), {overconfident: 2});
    const learn = () => fitScoreCalibration(scores, labels, {random: seededRandom(1)});
    expect(learn()).toEqual(learn());
    expect(JSON.parse(JSON.stringify(learn()))).toEqual(learn());
    expect(JSON.stringify(learn()).length).toBeLessThan(10_000);
  });

  test('is surer of scores that it has seen many of, and unsure of those that its weights leave out', () => {
    const random = seededRandom(75);
    const variance = (rows: number) => {
      const {scores, labels} = simulatedRows(rows, random);
      return Math.max(...fitScoreCalibration(scores, labels, {random}).bins.variances);
    };
    expect(variance(300)).toBeGreaterThan(2 * variance(10_000));
    const {scores, labels} = simulatedRows(5_000, random);
    const weights = scores.map(score => (score > 0.3 ? 1 : 0));
    const {isotonic, bins} = fitScoreCalibration(scores, labels, {random, weights});
    expect(isotonic!.scores[0]).toBeGreaterThan(0.3);
    expect(bins.variances[0]).toBe(0.25);
  });
});
