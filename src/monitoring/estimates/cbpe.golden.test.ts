import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {calibration, expectedCalibrationError, seededRandom} from '../../math/index.ts';
import {estimateMulticlass} from './estimate-multiclass.ts';
import {estimatePerformance} from './estimate-performance.ts';
import type {ValuePolicy} from './estimate-policy.ts';
import {applyIsotonic, fitIsotonic} from './isotonic.ts';
import {calibrated, fitScoreCalibration} from './score-calibration.ts';

type Labelled = {readonly scores: number[]; readonly labels: number[]};
type Golden = {
  readonly versions: Record<string, string>;
  readonly isotonic: Labelled & {weights: number[]; at: number[]; plain: number[]; weighted: number[]};
  readonly ece: Labelled & {error: number};
  readonly binary: {
    readonly reference: Labelled;
    readonly scores: number[];
    readonly probabilities: number[];
    readonly decideAt: number;
    readonly value: Omit<ValuePolicy, 'unit'>;
    readonly estimates: Record<string, number>;
    readonly samplingErrors: Record<string, number>;
  };
  readonly multiclass: {scores: number[][]; probabilities: number[][]; estimates: Record<string, number>};
};

/** Made by bench/peers/monitoring/estimates_cbpe.py, which names what it needs. */
const golden: Golden = JSON.parse(readFileSync(new URL('cbpe.golden.json', import.meta.url), 'utf8'));
const {binary, multiclass} = golden;
const f64 = (values: readonly number[]) => Float64Array.from(values);
const farthest = (a: ArrayLike<number>, b: readonly number[]) => Math.max(...b.map((x, i) => Math.abs(x - a[i]!)));
/** Probabilities that need no calibrating, of a calibration without error. */
const asGiven = {isotonic: null, bins: {edges: [], variances: [0]}};

describe(`scikit-learn ${golden.versions['scikit-learn']}`, () => {
  const {scores, labels, weights, at, plain, weighted} = golden.isotonic;
  test('fits the same isotonic regression, ties and scores out of range included', () => {
    expect(farthest(applyIsotonic(fitIsotonic(scores, labels), f64(at)), plain)).toBeLessThan(1e-12);
  });
  test('fits the same one to weighted rows, some of weight 0', () => {
    expect(farthest(applyIsotonic(fitIsotonic(scores, labels, weights), f64(at)), weighted)).toBeLessThan(1e-12);
  });
});

describe(`NannyML ${golden.versions.nannyml}`, () => {
  test('measures the same calibration error', () => {
    const {scores, labels, error} = golden.ece;
    expect(expectedCalibrationError(calibration(scores, labels))).toBeCloseTo(error, 12);
  });

  test('estimates the same from the same reference, each metric to 1e-9', () => {
    const {scores, labels} = binary.reference;
    const calibration = fitScoreCalibration(f64(scores), f64(labels), {random: seededRandom(1)});
    expect(farthest(calibrated(f64(binary.scores), calibration), binary.probabilities)).toBeLessThan(1e-12);
    const value = {...binary.value, unit: 'EUR'};
    const estimates = estimatePerformance(f64(binary.scores), calibration, {decideAt: binary.decideAt, value});
    for (const [metric, expected] of Object.entries(binary.estimates))
      expect(estimates[metric]!.value, metric).toBeCloseTo(expected, 9);
  });

  test('states about our errors for new rows with new labels, where it has a formula of the first order', () => {
    const value = {...binary.value, unit: 'EUR'};
    const fitted = {...asGiven, isotonic: fitIsotonic(binary.reference.scores, binary.reference.labels)};
    const {decideAt, scores} = binary;
    const errors = [scores.length, Infinity].map(of => {
      const estimates = estimatePerformance(f64(scores), fitted, {decideAt, value, of});
      return (metric: string) => (estimates[metric]!.high - estimates[metric]!.low) / 2 / 1.96;
    });
    const [ofLabels, ofRows] = errors as [(metric: string) => number, (metric: string) => number];
    for (const [metric, expected] of Object.entries(binary.samplingErrors)) {
      const ratio = Math.hypot(ofLabels(metric), ofRows(metric)) / expected;
      expect(ratio, metric).toBeGreaterThan(0.9);
      expect(ratio, metric).toBeLessThan(1.1);
    }
  });

  test('estimates the same for three classes, given the same calibrated probabilities', () => {
    // Scores rank rows and probabilities weigh them, so a calibration stands in that maps one to the other.
    const calibrations = multiclass.scores.map((column, c) => ({
      isotonic: knots(column, multiclass.probabilities[c]!),
      bins: asGiven.bins,
    }));
    const columns = multiclass.scores.map(f64);
    const decided = columns[0]!.map((_, i) =>
      columns.reduce((best, own, c) => (own[i]! > columns[best]![i]! ? c : best), 0),
    );
    const estimates = estimateMulticlass(columns, calibrations, decided);
    for (const [metric, expected] of Object.entries(multiclass.estimates))
      expect(estimates[metric]!.value, metric).toBeCloseTo(expected, 9);
  });
});

function knots(scores: readonly number[], values: readonly number[]) {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!);
  return {scores: order.map(i => scores[i]!), values: order.map(i => values[i]!)};
}
