/** Estimated performance of a window, ready to be kept with it. */

import type {Random} from '../../math/index.ts';
import type {PerformanceEstimate} from '../../protocol/index.ts';
import {domainProbabilities} from '../multivariate/domain-classifier.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';
import {densityRatio} from './density-ratio.ts';
import {type EstimateOptions, estimatePerformance} from './estimate-performance.ts';
import type {EstimatePolicy, ValuePolicy} from './estimate-policy.ts';
import {fitScoreCalibration, type ScoreCalibration} from './score-calibration.ts';

export type WindowEstimateInput = {
  readonly calibration: ScoreCalibration;
  /** Of the window's rows, all of one version. */
  readonly sample: RowSample;
  readonly policy: EstimatePolicy;
  readonly value: ValuePolicy | null;
};

/** What the weights of the reference rows must be as good as: fewer equal rows do not make a calibration. */
const LEAST_EFFECTIVE_ROWS = 300;
/** Share of the window that may be unlike anything in the reference. */
const MOST_UNLIKE = 0.05;

/** From calibrated confidence; null without rows. A few milliseconds for 10,000 rows. */
export function estimateWindow(input: WindowEstimateInput): PerformanceEstimate | null {
  const {sample, calibration} = input;
  if (sample.rows === 0) return null;
  return {
    method: 'cbpe',
    rows: sample.rows,
    metrics: estimatePerformance(sample.scores, calibration, optionsOf(input)),
    notes: [ASSUMES_NO_CONCEPT_DRIFT, learnedFrom(calibration)],
  };
}

/**
 * The same, with the scores calibrated on the reference rows that are like those of the window (PAPE; Białek et
 * al., "Estimating model performance under covariate shift without labels", 2024): for windows whose inputs drift.
 * Trains a classifier on worker threads, a second or so. Where the reference has too little that is like the
 * window it is not tried: the estimate is that of `estimateWindow`, and a note says why.
 */
export async function estimateWeighted(
  input: WindowEstimateInput & {readonly reference: ReferenceRows; readonly random: Random},
): Promise<PerformanceEstimate | null> {
  const {reference, sample, random} = input;
  const plain = estimateWindow(input);
  if (plain === null) return null;
  const was = reference.names.flatMap((name, f) => (sample.names.includes(name) ? [f] : []));
  const is = was.map(f => sample.names.indexOf(reference.names[f]!));
  if (was.length === 0) return unweighted(plain, 'it has no feature of the test split.');
  const domain = await domainProbabilities(
    was.map(f => reference.columns[f]!),
    is.map(f => sample.columns[f]!),
    was.map(f => reference.categorical[f]!),
    random,
  );
  const {weights, effectiveRows, unlike} = densityRatio(domain);
  const overlap = `${Math.round(effectiveRows)} of the ${reference.rows} rows of the test split would be as good, were they drawn for it; ${percent(unlike)} of the window is unlike any of them.`;
  if (effectiveRows < LEAST_EFFECTIVE_ROWS || unlike > MOST_UNLIKE) return unweighted(plain, overlap);
  const calibration = fitScoreCalibration(reference.scores, reference.labels, {random, weights});
  return {
    method: 'importance-weighted',
    rows: sample.rows,
    metrics: estimatePerformance(sample.scores, calibration, optionsOf(input)),
    notes: [ASSUMES_NO_CONCEPT_DRIFT, learnedFrom(calibration), overlap],
  };
}

const unweighted = (plain: PerformanceEstimate, why: string): PerformanceEstimate => ({
  ...plain,
  notes: [...plain.notes, `Not weighted by the inputs of the window: ${why}`],
});

const ASSUMES_NO_CONCEPT_DRIFT =
  'Assumes that the same inputs still lead to the same outcomes: a change of that shows only in labels.';

function learnedFrom({from, asOf, rows, positives, isotonic}: ScoreCalibration): string {
  const set = from === 'reference' ? 'of the test split' : 'served';
  const until = asOf === null ? '' : ` until ${new Date(asOf).toISOString().slice(0, 10)}`;
  const how = isotonic === null ? 'Scores count as probabilities, as they did' : 'Scores are calibrated';
  return `${how} on ${rows} rows ${set}${until}, ${positives} of them positive.`;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function optionsOf({sample, policy, value}: WindowEstimateInput): EstimateOptions {
  return {decideAt: policy.decideAt, value, of: Math.max(sample.of, sample.rows)};
}
