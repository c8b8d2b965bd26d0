import {describe, expect, test} from 'vitest';
import {normal, type Random, seededRandom} from '../../math/index.ts';
import {sigmoid} from '../../models/index.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';
import {estimateWeighted, estimateWindow} from './estimate-window.ts';
import {fitScoreCalibration} from './score-calibration.ts';
import {realisedMetrics, simulatedValue as value} from './simulated-rows.fixture.ts';

/** A model that sees `seen` only; `hidden` bears on the outcome too, so its scores mean something else where that moves. */
function rows(count: number, random: Random, hidden = 0, seen = 0): ReferenceRows {
  const columns = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const scores = new Float64Array(count);
  const labels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [seen + normal(random), hidden + normal(random), Math.floor(4 * random())];
    [columns[0]![i], columns[1]![i], columns[2]![i]] = [a, b, c];
    scores[i] = sigmoid(-1.5 + 1.2 * a);
    labels[i] = random() < sigmoid(-1.5 + 1.2 * a + 1.2 * b) ? 1 : 0;
  }
  const names = ['seen', 'hidden', 'kind'];
  return {rows: count, of: count, names, columns, categorical: [false, false, true], scores, labels};
}

const policy = {weighted: true, decideAt: 0.3};
const setting = (seed: number, count = 5_000) => {
  const random = seededRandom(seed);
  const reference = rows(count, random);
  return {random, reference, calibration: fitScoreCalibration(reference.scores, reference.labels, {random})};
};

describe('the estimate of a window', () => {
  const {random, calibration} = setting(61);

  test('says what it rests on', () => {
    const sample = rows(1_000, random);
    const {method, notes, rows: count, metrics} = estimateWindow({calibration, sample, policy, value})!;
    expect([method, count]).toEqual(['cbpe', 1_000]);
    expect(notes).toEqual([
      'Assumes that the same inputs still lead to the same outcomes: a change of that shows only in labels.',
      `Scores are calibrated on 5000 rows of the test split, ${calibration.positives} of them positive.`,
    ]);
    expect(Object.keys(metrics)).toContain('value');
    expect(estimateWindow({calibration, sample, policy, value: null})!.metrics).not.toHaveProperty('value');
  });

  test('names the day of the newest label that its calibration saw', () => {
    const fresh = {...calibration, from: 'matured' as const, asOf: Date.UTC(2001, 3, 2, 11)};
    const estimate = estimateWindow({calibration: fresh, sample: rows(300, random), policy, value})!;
    expect(estimate.notes[1]).toMatch('on 5000 rows served until 2001-04-02');
  });

  test('of three rows is wide, of none there is none', () => {
    const {auc} = estimateWindow({calibration, sample: rows(3, random), policy, value})!.metrics;
    expect(auc!.high - auc!.low).toBeGreaterThan(0.5);
    expect(estimateWindow({calibration, sample: rows(0, random), policy, value})).toBeNull();
  });

  test('of a sample is about all rows of the window', () => {
    const sample: RowSample = rows(1_000, random);
    const width = (own: RowSample) => {
      const {low, high} = estimateWindow({calibration, sample: own, policy, value})!.metrics.accuracy!;
      return high - low;
    };
    expect(width({...sample, of: 1e6})).toBeLessThan(width(sample));
  });

  test('takes at most 50 ms for 10,000 rows', () => {
    const sample = rows(10_000, random);
    const times = Array.from({length: 5}, () => {
      const start = performance.now();
      estimateWindow({calibration, sample, policy, value});
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(50);
  });
});

describe('the estimate that is weighted by the inputs of the window', () => {
  test('sees a shift of an input that the score does not know of, which the plain one is wrong about', async () => {
    const {random, reference, calibration} = setting(62);
    const sample = rows(5_000, random, 0.8);
    const input = {reference, calibration, sample, policy, value, random};
    const measured = realisedMetrics(sample.scores, sample.labels, policy.decideAt);
    const plain = estimateWindow(input)!;
    const weighted = (await estimateWeighted(input))!;
    expect(weighted.method).toBe('importance-weighted');
    for (const metric of ['baseRate', 'precision', 'logLoss', 'brier', 'f1']) {
      const off = (of: typeof plain) => Math.abs(of.metrics[metric]!.value - measured[metric]!);
      expect(off(weighted), metric).toBeLessThan(0.35 * off(plain));
    }
    const {low, high} = plain.metrics.baseRate!;
    expect(measured.baseRate! < low || measured.baseRate! > high).toBe(true);
  });

  test('is near the plain one where nothing moved', async () => {
    const {random, reference, calibration} = setting(63);
    const sample = rows(2_000, random);
    const input = {reference, calibration, sample, policy, value, random};
    const weighted = (await estimateWeighted(input))!;
    const plain = estimateWindow(input)!;
    expect(weighted.method).toBe('importance-weighted');
    for (const metric of ['auc', 'baseRate', 'brier'])
      expect(Math.abs(weighted.metrics[metric]!.value - plain.metrics[metric]!.value), metric).toBeLessThan(0.02);
  });

  test('is not tried where the window is unlike the reference, and says so', async () => {
    const {random, reference, calibration} = setting(64, 2_000);
    const sample = rows(2_000, random, 8);
    const estimate = (await estimateWeighted({reference, calibration, sample, policy, value, random}))!;
    expect(estimate.method).toBe('cbpe');
    expect(estimate.notes.at(-1)).toMatch(
      /^Not weighted by the inputs of the window: \d+ of the 2000 rows of the test split would be as good, were they drawn for it; \d+ % of the window is unlike any of them\.$/,
    );
  });

  test('takes features by their names', async () => {
    const {random, reference, calibration} = setting(66, 1_000);
    const sample = rows(1_000, random, 0.8);
    const order = [2, 0, 1];
    const turned = {
      ...sample,
      names: order.map(f => sample.names[f]!),
      columns: order.map(f => sample.columns[f]!),
      categorical: order.map(f => sample.categorical[f]!),
    };
    const estimate = (own: RowSample) =>
      estimateWeighted({reference, calibration, sample: own, policy, value, random: seededRandom(1)});
    expect(await estimate(turned)).toEqual(await estimate(sample));
    const other = await estimate({...sample, names: ['a', 'b', 'c']});
    expect(other!.notes.at(-1)).toBe('Not weighted by the inputs of the window: it has no feature of the test split.');
  });

  test('of no rows is none', async () => {
    const {random, reference, calibration} = setting(65, 500);
    const sample = rows(0, random);
    expect(await estimateWeighted({reference, calibration, sample, policy, value, random})).toBeNull();
  });
});
