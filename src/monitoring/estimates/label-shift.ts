/**
 * The base rate of a window from its scores alone, if only the mix of the classes changed: black-box shift
 * estimation (Lipton, Wang and Smola, "Detecting and correcting for label shift with black box predictors", 2018).
 */

import {binOf, chiSquareSurvival, normalQuantile, normalTwoSided, quantileEdges} from '../../math/index.ts';
import type {Estimate} from '../../protocol/index.ts';

export type LabelShift = {
  /** Share of label 1 in the reference. */
  readonly reference: number;
  /** Share of label 1 that the window's labels will show; null where it cannot be told from the scores. */
  readonly baseRate: Estimate | null;
  /** Of a window no different from the reference in its base rate; null with `baseRate`. */
  readonly pValue: number | null;
  /** How much more often label 0, and label 1, is in the window than in the reference; null with `baseRate`. */
  readonly weights: readonly [number, number] | null;
  /** What it rests on and what speaks against it here, in words. */
  readonly notes: readonly string[];
};

export type LabelShiftOptions = {
  /** `hard`: by the decision at this score; `soft`: by the mean score, which wastes less. */
  readonly by: {readonly kind: 'hard'; readonly decideAt: number} | {readonly kind: 'soft'};
  /** Rows that the window's scores are a sample of. */
  readonly of?: number;
};

const Z = normalQuantile(0.975);
/** Standard errors by which the classes must lie apart; fewer, and the confusion matrix is as good as singular. */
const APART = 5;

/**
 * Says nothing where scores tell the classes apart too little, or where those of the window look like no mix of the two
 * classes: then something else changed. The classes' mean decision (or score) m0 and m1 are those of the reference, the window's mean is a mix of them:
 * q = (m − m0) / (m1 − m0), which is the binary case of inverting the confusion matrix. Delta-method interval.
 */
export function estimateLabelShift(
  reference: {readonly scores: Float64Array; readonly labels: Float64Array},
  scores: Float64Array,
  {by, of = scores.length}: LabelShiftOptions,
): LabelShift {
  const decide = by.kind === 'soft' ? (score: number) => score : (score: number) => (score >= by.decideAt ? 1 : 0);
  const values = reference.scores.map(decide);
  const classes = [0, 1].map(y => moments(values.filter((_, i) => reference.labels[i] === y)));
  const [negatives, positives] = classes as [Moments, Moments];
  const rows = reference.labels.length;
  const base = positives.count / rows;
  const gap = positives.mean - negatives.mean;
  const errorOfGap = Math.sqrt(positives.variance / positives.count + negatives.variance / negatives.count);
  const silent = (why: string): LabelShift => ({
    reference: base,
    baseRate: null,
    pValue: null,
    weights: null,
    notes: [why],
  });
  if (scores.length === 0) return silent('There are no scores.');
  if (!(gap > APART * errorOfGap)) return silent(tooNear(negatives, positives));
  const rate = Math.min(1, Math.max(0, (moments(scores.map(decide)).mean - negatives.mean) / gap));
  if (!isMix(reference, scores, rate))
    return silent(
      'Scores are spread like no mix of the two classes of the test split: more than their shares changed.',
    );
  const within = rate * positives.variance + (1 - rate) * negatives.variance;
  const ofReference =
    (rate ** 2 * positives.variance) / positives.count + ((1 - rate) ** 2 * negatives.variance) / negatives.count;
  const drawn = rate * (1 - rate);
  const share = Math.min(1, scores.length / of);
  const ofWindow = within / scores.length / gap ** 2 + (drawn * (1 - share)) / scores.length;
  const known = ofReference / gap ** 2;
  const reach = Z * Math.sqrt(ofWindow + known);
  const chance = known + within / scores.length / gap ** 2 + drawn / scores.length + (base * (1 - base)) / rows;
  return {
    reference: base,
    baseRate: {value: rate, low: Math.max(0, rate - reach), high: Math.min(1, rate + reach)},
    pValue: normalTwoSided((rate - base) / Math.sqrt(chance)),
    weights: [(1 - rate) / (1 - base), rate / base],
    notes: [
      'Assumes that rows of each class look as they did in the test split and only their mix changed: inputs that moved can look the same.',
    ],
  };
}

const BINS = 10;
/** A mix is spread less likely than this once in a thousand windows. */
const BEYOND_CHANCE = 1e-3;

/** Whether scores are spread as those of both classes together, `rate` of them of label 1 (chi-square over deciles). */
function isMix(
  reference: {readonly scores: Float64Array; readonly labels: Float64Array},
  scores: Float64Array,
  rate: number,
): boolean {
  const edges = quantileEdges(reference.scores, BINS);
  const cells = Array.from({length: edges.length + 1}, () => ({0: 0, 1: 0, now: 0}));
  const of = {0: 0, 1: 0};
  reference.scores.forEach((score, i) => {
    const label = reference.labels[i] === 1 ? 1 : 0;
    cells[binOf(edges, score)]![label]++;
    of[label]++;
  });
  for (const score of scores) cells[binOf(edges, score)]!.now++;
  let statistic = 0;
  for (const cell of cells) {
    const [positive, negative] = [cell[1] / of[1], cell[0] / of[0]];
    const mix = rate * positive + (1 - rate) * negative;
    const off = cell.now / scores.length - mix;
    const known =
      (rate ** 2 * positive * (1 - positive)) / of[1] + ((1 - rate) ** 2 * negative * (1 - negative)) / of[0];
    if (off !== 0) statistic += off ** 2 / (mix / scores.length + known);
  }
  return chiSquareSurvival(statistic, Math.max(1, cells.length - 2)) > BEYOND_CHANCE;
}

type Moments = {readonly count: number; readonly mean: number; readonly variance: number};

function moments(values: Float64Array): Moments {
  const count = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, count - 1);
  return {count, mean, variance};
}

const tooNear = (negatives: Moments, positives: Moments): string =>
  negatives.count === 0 || positives.count === 0
    ? 'The test split has rows of one class only.'
    : `Scores do not tell the classes apart: their means are ${positives.mean.toPrecision(3)} for label 1 and ${negatives.mean.toPrecision(3)} for label 0 on ${negatives.count + positives.count} rows.`;
