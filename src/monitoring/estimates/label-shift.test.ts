import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {estimateLabelShift, type LabelShiftOptions} from './label-shift.ts';
import {simulatedRows} from './simulated-rows.fixture.ts';

const random = seededRandom(21);
const soft: LabelShiftOptions = {by: {kind: 'soft'}};
const hard: LabelShiftOptions = {by: {kind: 'hard', decideAt: 0.3}};

/** Rows of each class as they are, in another mix. */
function mixed(rows: number, baseRate: number) {
  const pool = simulatedRows(20 * rows, random);
  const scores = new Float64Array(rows);
  const labels = scores.map(() => (random() < baseRate ? 1 : 0));
  let at = 0;
  for (let i = 0; i < rows; i++) {
    while (pool.labels[at] !== labels[i]) at = (at + 1) % pool.labels.length;
    scores[i] = pool.scores[at]!;
    at = (at + 1) % pool.labels.length;
  }
  return {scores, rate: labels.reduce((sum, y) => sum + y, 0) / rows};
}

describe.each([
  ['soft', soft],
  ['hard', hard],
] as const)('the base rate by %s decisions', (_, options) => {
  test('is that of the window in 95 % of windows, whatever their mix', () => {
    let inside = 0;
    let bias = 0;
    const WINDOWS = 200;
    for (let window = 0; window < WINDOWS; window++) {
      const reference = simulatedRows(2_000, random);
      const {scores, rate} = mixed(500, 0.1 + 0.5 * random());
      const {low, high, value} = estimateLabelShift(reference, scores, options).baseRate!;
      if (rate >= low && rate <= high) inside++;
      bias += (value - rate) / WINDOWS;
    }
    expect(inside / WINDOWS).toBeGreaterThan(0.91);
    expect(inside / WINDOWS).toBeLessThan(0.99);
    expect(Math.abs(bias)).toBeLessThan(0.01);
  });

  test('differs from that of the reference in 5 % of windows where nothing changed', () => {
    let significant = 0;
    for (let window = 0; window < 200; window++) {
      const reference = simulatedRows(1_000, random);
      const {pValue} = estimateLabelShift(reference, simulatedRows(1_000, random).scores, options);
      if (pValue! < 0.05) significant++;
    }
    expect(significant).toBeLessThan(22); // 10 ± 3
  });

  test('says how much more often each class is there', () => {
    const reference = simulatedRows(20_000, random);
    const {
      weights,
      reference: base,
      baseRate,
      pValue,
    } = estimateLabelShift(reference, mixed(5_000, 0.5).scores, options);
    expect(weights![1]).toBeCloseTo(baseRate!.value / base, 10);
    expect(weights![0] * (1 - base) + weights![1] * base).toBeCloseTo(1, 10);
    expect(pValue).toBeLessThan(1e-6);
  });
});

test('the soft version is surer than the hard one', () => {
  const reference = simulatedRows(5_000, random);
  const {scores} = simulatedRows(1_000, random);
  const width = (options: LabelShiftOptions) => {
    const {low, high} = estimateLabelShift(reference, scores, options).baseRate!;
    return high - low;
  };
  expect(width(soft)).toBeLessThan(width(hard));
});

test('the hard version inverts the confusion matrix', () => {
  // 4 of 5 positives and 1 of 5 negatives are decided 1; so are 11 of 20 rows of the window: q = (0.55 − 0.2) / 0.6.
  const decided = (shares: readonly (readonly [count: number, score: number])[]) =>
    Float64Array.from(shares.flatMap(([count, score]) => new Array<number>(count).fill(score)));
  const scores = decided([
    [400, 0.9],
    [100, 0.1],
    [100, 0.9],
    [400, 0.1],
  ]);
  const labels = scores.map((_, i) => (i < 500 ? 1 : 0));
  const {baseRate} = estimateLabelShift(
    {scores, labels},
    decided([
      [110, 0.9],
      [90, 0.1],
    ]),
    hard,
  );
  expect(baseRate!.value).toBeCloseTo(0.35 / 0.6, 12);
});

describe('nothing is said', () => {
  test('where scores do not tell the classes apart', () => {
    const scores = Float64Array.from({length: 500}, random);
    const labels = scores.map(() => (random() < 0.5 ? 1 : 0));
    const shift = estimateLabelShift({scores, labels}, scores, soft);
    expect(shift.baseRate).toBeNull();
    expect(shift.notes[0]).toMatch(/^Scores do not tell the classes apart: their means are 0\.\d+ for label 1/);
  });

  test('where the scores of the window look like no mix of the classes', () => {
    const moved = simulatedRows(5_000, random, {shift: -0.5});
    for (const options of [soft, hard]) {
      const {baseRate, notes} = estimateLabelShift(simulatedRows(5_000, random), moved.scores, options);
      expect(baseRate).toBeNull();
      expect(notes[0]).toMatch('like no mix of the two classes');
    }
  });

  test('where the reference has one class, or the window no rows', () => {
    const {scores} = simulatedRows(50, random);
    expect(estimateLabelShift({scores, labels: new Float64Array(50)}, scores, soft).notes[0]).toMatch('one class only');
    const empty = estimateLabelShift(simulatedRows(500, random), new Float64Array(0), soft);
    expect(empty).toMatchObject({baseRate: null, notes: ['There are no scores.']});
  });
});
