import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {rocAuc, seededRandom} from '../../math/index.ts';
import {estimatePerformance} from './estimate-performance.ts';
import {type EstimatedRows, estimatedRows, type Linearised} from './estimated-rows.ts';
import {measuredMetrics} from './expected-metrics.ts';
import {expectedPrAuc, expectedRocAuc} from './rank-metrics.ts';
import {expectedRatio, RATIO_METRICS} from './ratio-metrics.ts';
import {fitScoreCalibration} from './score-calibration.ts';
import {realisedMetrics, simulatedRows, simulatedValue} from './simulated-rows.fixture.ts';

const certain = {isotonic: null, bins: {edges: [], variances: [0]}};
const decideAt = 0.3;
const value = simulatedValue;
describe('estimated performance', () => {
  test('is that of the labels where every label is certain', () => {
    const {scores, labels} = simulatedRows(300, seededRandom(1));
    const distinct = [...new Set(scores)].sort((a, b) => a - b);
    const isotonic = {scores: distinct, values: distinct.map(score => labels[scores.indexOf(score)]!)};
    const estimates = estimatePerformance(scores, {...certain, isotonic}, {decideAt, value});
    const measured = realisedMetrics(scores, labels, decideAt);
    expect(Object.keys(estimates).sort()).toEqual(Object.keys(measured).sort());
    for (const [name, {value, low, high}] of Object.entries(estimates)) {
      expect(value, name).toBeCloseTo(measured[name]!, 10);
      expect([low, high], name).toEqual([value, value]);
      expect(measuredMetrics(scores, labels, {decideAt, value: simulatedValue})[name], name).toBeCloseTo(value, 10);
    }
  });

  test('ranks as expected over all labellings: AUC is expected wins over expected pairs, of labels drawn apart', () => {
    const row = fc.record({score: fc.integer({min: 0, max: 4}), p: fc.double({min: 0.05, max: 0.95, noNaN: true})});
    fc.assert(
      fc.property(fc.array(row, {minLength: 2, maxLength: 5}), rows => {
        let [wins, pairs] = [0, 0];
        const labellings = 2 ** rows.length;
        const chance = (labels: number) => rows.reduce((all, {p}, i) => all * ((labels >> i) & 1 ? p : 1 - p), 1);
        for (let a = 0; a < labellings; a++) {
          for (let b = 0; b < labellings; b++) {
            const weight = chance(a) * chance(b);
            for (const [i, positive] of rows.entries()) {
              for (const [j, negative] of rows.entries()) {
                if (!((a >> i) & 1) || (b >> j) & 1) continue;
                pairs += weight;
                wins += weight * (positive.score > negative.score ? 1 : positive.score === negative.score ? 0.5 : 0);
              }
            }
          }
        }
        const estimated = estimatedRows(
          Float64Array.from(rows, r => r.score),
          Float64Array.from(rows, r => r.p),
          [],
        );
        expect(expectedRocAuc(estimated).value).toBeCloseTo(wins / pairs, 10);
      }),
      {numRuns: 40, seed: 3},
    );
  });

  test('moves with the probability and the weight of a row as its derivatives say', () => {
    const {scores, labels} = simulatedRows(40, seededRandom(2));
    for (let i = 0; i < 40; i += 4) scores[i] = 0.25; // ties
    const decided = scores.map(score => (score >= decideAt ? 1 : 0));
    const probabilities = labels.map((y, i) => 0.8 * scores[i]! + 0.1 * y);
    const weights = labels.map((y, i) => (1 + ((i * 7) % 5) + y) / 10);
    const all = weights.reduce((sum, w) => sum + w, 0);
    const metrics: Record<string, (rows: EstimatedRows) => Linearised> = {expectedRocAuc, expectedPrAuc};
    for (const [name, ratio] of Object.entries(RATIO_METRICS)) metrics[name] = rows => expectedRatio(ratio, rows);
    for (const [name, metric] of Object.entries(metrics)) {
      const at = (p: Float64Array, w: Float64Array) => metric(estimatedRows(scores, p, decided, w)).value;
      const {byLabel, byRow} = metric(estimatedRows(scores, probabilities, decided, weights));
      for (let i = 0; i < 40; i += 3) {
        const bumped = (values: Float64Array, by: number) => values.with(i, values[i]! + by);
        const h = 1e-5;
        const slope = (at(bumped(probabilities, h), weights) - at(bumped(probabilities, -h), weights)) / (2 * h);
        expect(byLabel[i], `${name} by the label of row ${i}`).toBeCloseTo(slope, 7);
        const influence = (at(probabilities, bumped(weights, h)) - at(probabilities, bumped(weights, -h))) / (2 * h);
        expect(byRow[i], `${name} by row ${i}`).toBeCloseTo(influence * weights[i]!, 7);
      }
      expect(
        byRow.reduce((sum, x) => sum + x, 0),
        name,
      ).toBeCloseTo(0, 10);
      expect(all).toBeGreaterThan(1); // weights of any sum
    }
  });

  test('counts a row of weight 3 as three rows', () => {
    const {scores} = simulatedRows(60, seededRandom(3));
    const weights = scores.map((_, i) => 1 + (i % 3));
    const repeated = Float64Array.from([...scores].flatMap((score, i) => new Array<number>(weights[i]!).fill(score)));
    const weighted = estimatePerformance(scores, certain, {decideAt, value, weights});
    const plain = estimatePerformance(repeated, certain, {decideAt, value});
    for (const name of Object.keys(plain)) expect(weighted[name]!.value, name).toBeCloseTo(plain[name]!.value, 10);
  });

  test('leaves out what rows do not have, such as the precision of no positive decision', () => {
    const estimates = estimatePerformance(Float64Array.of(0.1, 0.2), certain, {decideAt});
    expect(Object.keys(estimates)).not.toContain('precision');
    expect(estimates.recall).toEqual({value: 0, low: 0, high: 0});
    expect(estimatePerformance(new Float64Array(0), certain, {decideAt})).toEqual({});
  });

  test('has wider intervals where the calibration saw few rows, narrower ones where labels will come for more', () => {
    const random = seededRandom(4);
    const {scores} = simulatedRows(1_000, random);
    const width = (rows: number, of: number) => {
      const reference = simulatedRows(rows, random);
      const calibration = fitScoreCalibration(reference.scores, reference.labels, {random});
      const {low, high} = estimatePerformance(scores, calibration, {decideAt, of}).auc!;
      return high - low;
    };
    expect(width(300, 1_000)).toBeGreaterThan(1.5 * width(10_000, 1_000));
    expect(width(10_000, 1e6)).toBeLessThan(0.6 * width(10_000, 1_000));
  });
});

describe.each([
  {name: 'a calibrated model', overconfident: 1},
  {name: 'an overconfident model', overconfident: 1.6},
])('over clean windows of $name', ({overconfident}) => {
  const random = seededRandom(11);
  const WINDOWS = 80;
  const outcomes = [200, 1_000].map(rows => {
    const inside: Record<string, number> = {};
    const errors: Record<string, number> = {};
    let alarms = 0;
    for (let window = 0; window < WINDOWS; window++) {
      const reference = simulatedRows(3_000, random, {overconfident});
      const calibration = fitScoreCalibration(reference.scores, reference.labels, {random});
      const {scores, labels} = simulatedRows(rows, random, {overconfident});
      const estimates = estimatePerformance(scores, calibration, {decideAt, value});
      const measured = realisedMetrics(scores, labels, decideAt);
      for (const [name, {value, low, high}] of Object.entries(estimates)) {
        const is = measured[name]!;
        if (!Number.isFinite(is)) continue;
        inside[name] = (inside[name] ?? 0) + (is >= low && is <= high ? 1 : 0) / WINDOWS;
        errors[name] = (errors[name] ?? 0) + (value - is) / ((high - low) / 3.92) / WINDOWS;
      }
      if (estimates.auc!.high < rocAuc(reference.scores, reference.labels) - 0.02) alarms++;
    }
    return {rows, inside, errors, alarms};
  });

  test.each(outcomes)('labels of $rows rows show each metric inside its interval in about 95 % of them', ({inside}) => {
    // 80 windows: 95 % ± 2.4 %; isotonic regression is a little too sure of what it has seen.
    for (const [name, share] of Object.entries(inside)) expect(share, name).toBeGreaterThan(0.87);
    const shares = Object.values(inside);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.92);
  });

  test.each(outcomes)('estimates of $rows rows are off by less than half a standard error on average', ({errors}) => {
    for (const [name, error] of Object.entries(errors)) expect(Math.abs(error), name).toBeLessThan(0.5);
  });

  test.each(outcomes)(
    'at $rows rows, no estimated AUC is below the reference by 0.02 beyond its interval more than rarely',
    ({alarms}) => {
      expect(alarms).toBeLessThanOrEqual(3);
    },
  );
});
