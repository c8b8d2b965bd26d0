import {describe, expect, test} from 'vitest';
import {brier, logLoss, rocAuc, seededRandom} from '../math/index.ts';
import {pairedImprovement} from './paired-improvement.ts';

const clip = (p: number) => Math.min(0.99, Math.max(0.01, p));

/** Scores of a good and a noisier model on the same rows. */
function rowsOf(seed: number, count: number) {
  const random = seededRandom(seed);
  const truth = Float64Array.from({length: count}, random);
  return {
    labels: truth.map(p => (random() < p ? 1 : 0)),
    good: truth.map(p => clip(p + 0.05 * (random() - 0.5))),
    noisy: truth.map(p => clip(p + 0.8 * (random() - 0.5))),
  };
}

describe('pairedImprovement', () => {
  const {labels, good, noisy} = rowsOf(8, 2_000);

  test('is the difference of the metrics, positive where ours is better', () => {
    expect(pairedImprovement('auc', good, noisy, labels)!.value).toBeCloseTo(
      rocAuc(good, labels) - rocAuc(noisy, labels),
      10,
    );
    expect(pairedImprovement('logLoss', good, noisy, labels)!.value).toBeCloseTo(
      logLoss(noisy, labels) - logLoss(good, labels),
      10,
    );
    expect(pairedImprovement('brier', good, noisy, labels)!.value).toBeCloseTo(
      brier(noisy, labels) - brier(good, labels),
      10,
    );
  });

  test('changes sign when the two change places', () => {
    for (const metric of ['auc', 'logLoss', 'brier'] as const) {
      const ours = pairedImprovement(metric, good, noisy, labels)!;
      const theirs = pairedImprovement(metric, noisy, good, labels)!;
      expect(theirs.value).toBeCloseTo(-ours.value, 12);
      expect(theirs.low).toBeCloseTo(-ours.high, 12);
      expect(ours.low).toBeGreaterThan(0);
    }
  });

  test('its standard error is that of the difference over many samples', () => {
    const samples = Array.from({length: 300}, (_, i) => rowsOf(100 + i, 300));
    for (const metric of ['auc', 'logLoss'] as const) {
      const all = samples.map(rows => pairedImprovement(metric, rows.good, rows.noisy, rows.labels)!);
      const mean = all.reduce((sum, {value}) => sum + value, 0) / all.length;
      const spread = Math.sqrt(all.reduce((sum, {value}) => sum + (value - mean) ** 2, 0) / (all.length - 1));
      const claimed = all.reduce((sum, {standardError}) => sum + standardError, 0) / all.length;
      expect(claimed / spread).toBeGreaterThan(0.85);
      expect(claimed / spread).toBeLessThan(1.15);
    }
  });

  test('equal scores differ by nothing, surely', () => {
    expect(pairedImprovement('auc', good, good, labels)).toMatchObject({value: 0, low: 0, high: 0});
    expect(pairedImprovement('logLoss', good, good, labels)).toMatchObject({value: 0, low: 0, high: 0});
  });

  test('one class has no AUC to compare', () => {
    expect(pairedImprovement('auc', good, noisy, new Float64Array(2_000))).toBeNull();
  });
});
