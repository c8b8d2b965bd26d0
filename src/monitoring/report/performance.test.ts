import {describe, expect, test} from 'vitest';
import {rocAuc, seededRandom} from '../../math/index.ts';
import {type Answers, reportedPerformance} from './performance.ts';

const NAMES = {prediction: 'score', target: 'bought'};

/** Labels drawn with the predicted probability, or, the worse the more, with that of another row. */
function answers(rows: number, seed: number, noise = 0): {predictions: Float64Array; targets: Float64Array} {
  const random = seededRandom(seed);
  const predictions = Float64Array.from({length: rows}, random);
  const targets = predictions.map(p => (random() < (random() < noise ? 0.5 : p) ? 1 : 0));
  return {predictions, targets};
}

const metrics = (reference: Answers | null, current: Answers | null, more = {}) =>
  new Map(
    reportedPerformance({...NAMES, reference, current, ...more}).metrics.map(({metric, ...found}) => [metric, found]),
  );

describe('performance in a report', () => {
  test('of probabilities is that of the rows whose target is known', () => {
    const known = answers(2_000, 1);
    const pending = {...known, targets: known.targets.map((label, i) => (i % 4 === 0 ? Number.NaN : label))};
    const found = reportedPerformance({...NAMES, reference: known, current: pending});
    expect([found.kind, found.referenceRows, found.currentRows]).toEqual(['probability', 2_000, 1_500]);
    const auc = found.metrics.find(({metric}) => metric === 'AUC')!;
    expect(auc.reference!.value).toBeCloseTo(rocAuc(known.predictions, known.targets), 12);
    expect(auc.reference!.low!).toBeLessThan(auc.reference!.value);
    expect(found.metrics.some(({worse}) => worse)).toBe(false);
  });

  test('is worse where intervals are apart, and only in that direction', () => {
    const [good, bad] = [answers(4_000, 2), answers(4_000, 3, 0.7)];
    expect(metrics(good, bad).get('AUC')?.worse).toBe(true);
    expect(metrics(good, bad).get('log loss')?.worse).toBe(true);
    expect([...metrics(bad, good).values()].some(({worse}) => worse)).toBe(false);
    expect(metrics(good, bad).get('base rate')).toMatchObject({better: null, worse: false});
  });

  test('takes texts of two values, and asks which one is meant if it is not plain', () => {
    const {predictions, targets} = answers(500, 4);
    const as = (yes: string, no: string): Answers => ({predictions, targets: [...targets].map(t => (t ? yes : no))});
    expect(metrics(as('true', 'false'), null).get('AUC')).toEqual(metrics({predictions, targets}, null).get('AUC'));
    expect(metrics(as('won', 'lost'), null, {positive: 'won'}).get('AUC')?.reference?.value).toBeGreaterThan(0.7);
    expect(() => metrics(as('won', 'lost'), null)).toThrow(expect.objectContaining({code: 'USAGE'}));
  });

  test('of classes is accuracy, of numbers the size of errors', () => {
    const classes = {predictions: ['a', 'b', 'a', null], targets: ['a', 'b', 'b', 'a']};
    expect(metrics(classes, null).get('accuracy')?.reference?.value).toBeCloseTo(2 / 3, 12);
    const values = {predictions: Float64Array.of(1, 2, 6), targets: Float64Array.of(2, 2, 4)};
    const found = metrics(values, values);
    expect(found.get('MAE')?.current?.value).toBeCloseTo(1, 12);
    expect(found.get('RMSE')?.reference?.value).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(found.get('MAE')?.reference?.low).toBeGreaterThanOrEqual(0);
  });

  test('of probabilities without targets is estimated, and close to what they show later', () => {
    const [reference, current] = [answers(5_000, 6), answers(4_000, 7)];
    const pending = {predictions: current.predictions, targets: new Float64Array(4_000).fill(Number.NaN)};
    const random = seededRandom(1);
    const {estimate, currentRows} = reportedPerformance({...NAMES, reference, current: pending, random});
    expect(currentRows).toBe(0);
    const auc = estimate!.metrics.auc!;
    const later = rocAuc(current.predictions, current.targets);
    expect(later).toBeGreaterThan(auc.low);
    expect(later).toBeLessThan(auc.high);
    expect(auc.high - auc.low).toBeLessThan(0.05);
    expect(reportedPerformance({...NAMES, reference, current, random}).estimate).toBeNull();
    const few = answers(60, 8);
    expect(reportedPerformance({...NAMES, reference: few, current: pending, random}).estimate).toBeNull();
  });

  test('leaves out what rows do not tell: no label yet, one class, one row', () => {
    const none = {predictions: Float64Array.of(0.2, 0.4), targets: Float64Array.of(Number.NaN, Number.NaN)};
    expect([...metrics(answers(50, 5), none).values()].every(({current}) => current === null)).toBe(true);
    const negatives = {predictions: Float64Array.of(0.2, 0.4), targets: Float64Array.of(0, 0)};
    expect(metrics(negatives, null).has('AUC')).toBe(false);
    const one = {predictions: Float64Array.of(0.2), targets: Float64Array.of(0)};
    expect(metrics(one, null).get('Brier score')?.reference).toMatchObject({low: null, high: null});
  });
});
