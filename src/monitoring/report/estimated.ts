import type {Random} from '../../math/index.ts';
import type {PerformanceEstimate} from '../../protocol/index.ts';
import {estimatePerformance} from '../estimates/estimate-performance.ts';
import {fitScoreCalibration} from '../estimates/score-calibration.ts';

/** Rows of either side that are looked at: more tell no more. */
const MOST_ROWS = 50_000;
/** Reference rows of each class that a calibration needs. */
const LEAST_OF_A_CLASS = 50;

/** Performance on rows without labels, from calibrated confidence; null where the reference has too few labels to learn from. */
export function estimateWithoutLabels(
  reference: {readonly scores: Float64Array; readonly labels: Float64Array},
  current: Float64Array,
  random: Random,
): PerformanceEstimate | null {
  const positives = reference.labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(positives, reference.labels.length - positives) < LEAST_OF_A_CLASS || current.length === 0) return null;
  const step = Math.ceil(reference.labels.length / MOST_ROWS);
  const calibration = fitScoreCalibration(every(reference.scores, step), every(reference.labels, step), {random});
  const sample = every(current, Math.ceil(current.length / MOST_ROWS));
  return {
    method: 'cbpe',
    rows: current.length,
    metrics: estimatePerformance(sample, calibration, {decideAt: 0.5, of: current.length}),
    notes: ['It holds as long as the outcome depends on the inputs as it did in the reference.'],
  };
}

const every = (values: Float64Array, step: number): Float64Array => values.filter((_, i) => i % step === 0);
