import {describe, expect, test} from 'vitest';
import {seededRandom} from '../math/index.ts';
import {calibrationBins, metricsOf} from './metrics.ts';

const f64 = (...values: number[]) => Float64Array.from(values);

describe('metricsOf', () => {
  test('gives the figures of a case worked by hand', () => {
    // Of the 4 pairs of a positive and a negative, 0.8 > 0.4, 0.8 > 0.2 and 0.3 > 0.2 are ranked right: AUC 3/4.
    const metrics = metricsOf(f64(0.8, 0.3, 0.4, 0.2), f64(1, 1, 0, 0));
    expect(metrics).toMatchObject({rows: 4, positives: 2, baseRate: 0.5, auc: 0.75});
    expect(metrics.meanPrediction).toBeCloseTo(0.425, 12);
    expect(metrics.logLoss).toBeCloseTo(-Math.log(0.8 * 0.3 * 0.6 * 0.8) / 4, 12);
    expect(metrics.brier).toBeCloseTo((0.04 + 0.49 + 0.16 + 0.04) / 4, 12);
    // Precision 1 at the first positive, 2/3 at the second, half of the recall each.
    expect(metrics.prAuc).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  test('has no AUC where one class is absent, and no interval for a class of one row', () => {
    const one = metricsOf(f64(0.1, 0.2), f64(0, 0));
    expect([one.auc, one.aucLow, one.prAuc]).toEqual([null, null, null]);
    const single = metricsOf(f64(0.1, 0.2, 0.9), f64(0, 0, 1));
    expect([single.auc, single.aucLow, single.aucHigh]).toEqual([1, null, null]);
  });

  test('is plain JSON', () => {
    const metrics = metricsOf(f64(0.1, 0.2, 0.9), f64(0, 0, 1));
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });

  test('refuses an empty split', () => {
    expect(() => metricsOf(f64(), f64())).toThrow(expect.objectContaining({code: 'DATASET_EMPTY'}));
  });
});

test('calibration bins of honest probabilities lie on the diagonal, each with a tenth of the rows', () => {
  const random = seededRandom(3);
  const scores = Float64Array.from({length: 50_000}, random);
  const labels = scores.map(p => (random() < p ? 1 : 0));
  const bins = calibrationBins(scores, labels);
  expect(bins.map(({count}) => count)).toEqual(Array(10).fill(5_000));
  for (const bin of bins) expect(Math.abs(bin.rate - bin.meanPrediction)).toBeLessThan(0.025);
  expect(metricsOf(scores, labels).ece).toBeLessThan(0.01);
});
