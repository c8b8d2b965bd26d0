/** How far a metric will come out from what was expected (delta method). */

import {binOf} from '../../math/index.ts';
import type {CalibrationBins} from './calibration-bins.ts';
import type {EstimatedRows, Linearised} from './estimated-rows.ts';

/** The rows as one class against all others sees them, and how sure its calibration is. */
export type EstimatedClass = {
  readonly rows: Pick<EstimatedRows, 'scores' | 'probabilities'>;
  readonly bins: CalibrationBins;
};

/**
 * Standard error of a sum of metrics, one for each class (a binary problem is one class). Three errors that do not
 * depend on each other: labels are drawn by their probabilities; the rows here are only a `share` of those that
 * labels will come for; and each calibration was learned from rows of its own, whose error counts as far as
 * these rows weigh on it.
 */
export function standardError(
  classes: readonly EstimatedClass[],
  share: number,
): (metrics: readonly Linearised[]) => number {
  const binned = classes.map(({rows, bins}) => Uint16Array.from(rows.scores, score => binOf(bins.edges, score)));
  const count = classes[0]!.rows.scores.length;
  return metrics => {
    let ofLabels = 0;
    let ofSample = 0;
    for (let i = 0; i < count; i++) {
      let [mean, square, byRow] = [0, 0, 0];
      for (let c = 0; c < classes.length; c++) {
        const p = classes[c]!.rows.probabilities[i]!;
        const byLabel = metrics[c]!.byLabel[i]!;
        mean += p * byLabel;
        square += p * byLabel ** 2;
        byRow += metrics[c]!.byRow[i]!;
      }
      ofLabels += square - mean ** 2;
      ofSample += byRow ** 2;
    }
    let ofCalibration = 0;
    classes.forEach(({bins: {variances}}, c) => {
      const leverage = new Float64Array(variances.length);
      for (let i = 0; i < count; i++) leverage[binned[c]![i]!]! += metrics[c]!.byLabel[i]!;
      variances.forEach((variance, b) => {
        ofCalibration += leverage[b]! ** 2 * variance;
      });
    });
    return Math.sqrt(share * Math.max(0, ofLabels) + (1 - share) * ofSample + ofCalibration);
  };
}
