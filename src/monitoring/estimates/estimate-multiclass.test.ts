import {expect, test} from 'vitest';
import {normal, rocAuc, seededRandom} from '../../math/index.ts';
import {estimateMulticlass} from './estimate-multiclass.ts';
import {fitScoreCalibration} from './score-calibration.ts';

const CLASSES = [0, 1, 2];

test('of three classes, labels show each metric inside its interval in about 95 % of clean windows', () => {
  const random = seededRandom(81);
  const draw = (rows: number) => {
    const labels = new Uint8Array(rows);
    const scores = CLASSES.map(() => new Float64Array(rows));
    for (let i = 0; i < rows; i++) {
      const odds = CLASSES.map(c => Math.exp(1.2 * normal(random) - 0.5 * c));
      const all = odds.reduce((sum, x) => sum + x, 0);
      const at = random() * all;
      labels[i] = at < odds[0]! ? 0 : at < odds[0]! + odds[1]! ? 1 : 2;
      const sharper = odds.map(x => x ** 1.1);
      const sum = sharper.reduce((total, x) => total + x, 0);
      for (const c of CLASSES) scores[c]![i] = sharper[c]! / sum;
    }
    return {scores, labels, of: (c: number) => Float64Array.from(labels, y => (y === c ? 1 : 0))};
  };
  const WINDOWS = 40;
  const inside = {auc: 0, recall: 0, accuracy: 0};
  for (let window = 0; window < WINDOWS; window++) {
    const reference = draw(3_000);
    const calibrations = CLASSES.map(c => fitScoreCalibration(reference.scores[c]!, reference.of(c), {random}));
    const {scores, labels, of} = draw(500);
    const decided = labels.map((_, i) =>
      CLASSES.reduce((best, c) => (scores[c]![i]! > scores[best]![i]! ? c : best), 0),
    );
    const right = (rows: (y: number) => boolean) => {
      const own = [...labels.keys()].filter(i => rows(labels[i]!));
      return own.filter(i => decided[i] === labels[i]).length / own.length;
    };
    const mean = (metric: (c: number) => number) => CLASSES.reduce((sum, c) => sum + metric(c) / 3, 0);
    const measured = {
      auc: mean(c => rocAuc(scores[c]!, of(c))),
      recall: mean(c => right(y => y === c)),
      accuracy: right(() => true),
    };
    const estimates = estimateMulticlass(scores, calibrations, decided);
    for (const name of ['auc', 'recall', 'accuracy'] as const) {
      const {low, high} = estimates[name]!;
      if (measured[name] >= low && measured[name] <= high) inside[name]++;
    }
  }
  for (const [name, count] of Object.entries(inside)) expect(count / WINDOWS, name).toBeGreaterThan(0.83);
});

test('a metric that some class does not have is left out', () => {
  const scores = [Float64Array.of(0.5, 0.9), Float64Array.of(0.5, 0.1)];
  const certain = {isotonic: null, bins: {edges: [], variances: [0]}};
  const estimates = estimateMulticlass(scores, [certain, certain], [0, 0]);
  expect(Object.keys(estimates)).not.toContain('precision');
  expect(estimates.accuracy!.value).toBeCloseTo(0.7, 12);
});
