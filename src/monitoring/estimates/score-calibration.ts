/** What a score is worth as a probability, learned from rows whose labels are known; as plain JSON. */

import {calibration, expectedCalibrationError, type Random, rocAuc, shuffle} from '../../math/index.ts';
import {type CalibrationBins, calibrationBins} from './calibration-bins.ts';
import {applyIsotonic, fitIsotonic, type Isotonic} from './isotonic.ts';

export type ScoreCalibration = {
  /** Null where scores are probabilities already: calibrating did not lower their error on rows held out. */
  readonly isotonic: Isotonic | null;
  /** Expected calibration error on rows held out, as scores stand and once calibrated; null where it was not tried. */
  readonly error: {readonly before: number; readonly after: number} | null;
  /** How sure it is, by score. */
  readonly bins: CalibrationBins;
  /** Rows that it was learned from, and those of them with label 1. */
  readonly rows: number;
  readonly positives: number;
  /** Test split of the version, or rows served whose labels have come. */
  readonly from: 'reference' | 'matured';
  /** Time of the newest row that it was learned from (UTC ms); null for the reference. */
  readonly asOf: number | null;
};

export type CalibrationOptions = {
  readonly random: Random;
  /** How much each row counts. Weighted rows are always calibrated: what held for the reference need not hold for them. */
  readonly weights?: Float64Array;
  readonly from?: ScoreCalibration['from'];
  readonly asOf?: number | null;
};

const SPLITS = 10;
const HELD_OUT = 0.1;
/** Fewer rows of either class cannot tell whether scores need calibrating. */
const LEAST_OF_A_CLASS = 10;
/** Scores that separate the classes like this are left alone. */
const SEPARATED = 0.999;

/**
 * Decides whether `scores` need calibrating, and does it: NannyML's rule (ten shuffled splits with a tenth held
 * out, the held-out rows pooled, expected calibration error over ten bins of equal mass, isotonic regression if
 * it lowers the error). Labels are 0 or 1, scores from 0 to 1.
 */
export function fitScoreCalibration(
  scores: Float64Array,
  labels: Float64Array,
  {random, weights, from = 'reference', asOf = null}: CalibrationOptions,
): ScoreCalibration {
  const positives = labels.reduce((sum, y) => sum + y, 0);
  const error = weights === undefined ? heldOutError(scores, labels, random) : null;
  const needed = weights !== undefined || (error !== null && error.before > error.after);
  const isotonic = needed ? fitIsotonic(scores, labels, weights) : null;
  return {
    isotonic,
    error,
    bins: calibrationBins(scores, labels, weights),
    rows: labels.length,
    positives,
    from,
    asOf,
  };
}

/** Probability of label 1 for each score. */
export function calibrated(scores: Float64Array, {isotonic}: Pick<ScoreCalibration, 'isotonic'>): Float64Array {
  return isotonic === null ? scores : applyIsotonic(isotonic, scores);
}

function heldOutError(scores: Float64Array, labels: Float64Array, random: Random): ScoreCalibration['error'] {
  const classes = [0, 1].map(y => rowsOf(labels, y));
  if (classes.some(rows => rows.length < LEAST_OF_A_CLASS) || rocAuc(scores, labels) > SEPARATED) return null;
  const cuts = classes.map(rows => Math.round(rows.length * HELD_OUT));
  const held = cuts.reduce((sum, cut) => sum + cut, 0);
  const [y, before, after] = [0, 1, 2].map(() => new Float64Array(SPLITS * held)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let split = 0; split < SPLITS; split++) {
    for (const rows of classes) shuffle(rows, random);
    const test = joined(classes.map((rows, c) => rows.subarray(0, cuts[c]!)));
    const train = joined(classes.map((rows, c) => rows.subarray(cuts[c]!)));
    const fit = fitIsotonic(pick(scores, train), pick(labels, train));
    y.set(pick(labels, test), split * held);
    before.set(pick(scores, test), split * held);
    after.set(applyIsotonic(fit, pick(scores, test)), split * held);
  }
  const ece = (probabilities: Float64Array) => expectedCalibrationError(calibration(probabilities, y));
  return {before: ece(before), after: ece(after)};
}

const rowsOf = (labels: Float64Array, label: number): Uint32Array =>
  Uint32Array.from(labels, (_, i) => i).filter(i => labels[i] === label);

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!;
  return picked;
}
