/** What each feature that drifted changes in the estimated performance, were it the only one. */

import {binOf, quantileEdges} from '../../math/index.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';
import type {EstimateOptions} from './estimate-performance.ts';
import {estimatedRows, weighted} from './estimated-rows.ts';
import {decisions, expectedMetric} from './expected-metrics.ts';
import {calibrated, type ScoreCalibration} from './score-calibration.ts';

export type FeatureChange = {
  readonly feature: string;
  /** Estimated metric of the window, less what it would be had this feature kept its distribution. */
  readonly change: number;
  /** Share of the reference in bins that the window has no rows of: what no weights can give back. */
  readonly missing: number;
};

export type FeatureChangeInput = {
  readonly reference: Pick<ReferenceRows, 'names' | 'columns' | 'scores'>;
  readonly sample: RowSample;
  readonly calibration: Pick<ScoreCalibration, 'isotonic'>;
  /** Features to look at; those that neither side has are left out. */
  readonly features: readonly string[];
  readonly metric: string;
  readonly options: Pick<EstimateOptions, 'decideAt' | 'value'>;
};

const BINS = 10;
const MOST_MISSING = 0.5;

/**
 * Counterfactual by weights: rows of the window count so that the bins of one feature (deciles of the reference, each
 * category, missing values) have the shares they had in the reference, and the metric is estimated again. What moves
 * together with the feature is put to its account, so changes do not add up. Where the window has no rows for most of
 * the reference, as of a feature that is always missing, the whole difference to the reference is. The largest first.
 */
export function changeByFeature(input: FeatureChangeInput): FeatureChange[] {
  const {reference, sample, calibration, features, metric, options} = input;
  const rowsOf = (scores: Float64Array) =>
    estimatedRows(scores, calibrated(scores, calibration), decisions(scores, options.decideAt));
  const estimate = (rows: ReturnType<typeof rowsOf>) => expectedMetric(metric, rows, options.value ?? null);
  const rows = rowsOf(sample.scores);
  const now = estimate(rows);
  const changes = features.flatMap((feature): FeatureChange[] => {
    const at = sample.names.indexOf(feature);
    const was = reference.columns[reference.names.indexOf(feature)];
    if (at === -1 || was === undefined) return [];
    const {weights, missing} = balance(was, sample.columns[at]!, sample.categorical[at]!);
    const before = estimate(missing > MOST_MISSING ? rowsOf(reference.scores) : weighted(rows, weights));
    return Number.isFinite(now - before) ? [{feature, change: now - before, missing}] : [];
  });
  return changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** Weights of the rows of `current` under which its bins have the shares of `reference`. */
function balance(
  reference: Float64Array,
  current: Float64Array,
  categorical: boolean,
): {readonly weights: Float64Array; readonly missing: number} {
  const edges = categorical ? [] : quantileEdges(reference.filter(Number.isFinite), BINS);
  const binned = (x: number): number => (Number.isNaN(x) ? -1 : categorical ? x : binOf(edges, x));
  const was = counts(reference, binned);
  const is = counts(current, binned);
  let missing = 0;
  for (const [bin, count] of was) if (!is.has(bin)) missing += count / reference.length;
  const weights = current.map(x => {
    const bin = binned(x);
    return ((was.get(bin) ?? 0) / reference.length / is.get(bin)!) * current.length;
  });
  return {weights, missing};
}

function counts(values: Float64Array, binned: (x: number) => number): Map<number, number> {
  const tally = new Map<number, number>();
  for (const x of values) {
    const bin = binned(x);
    tally.set(bin, (tally.get(bin) ?? 0) + 1);
  }
  return tally;
}
