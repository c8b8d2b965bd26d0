/** Has a window's data moved away from the training data? Effect and significance, both. */

import {benjaminiHochberg, chiSquareTest, psi} from '../../math/index.ts';
import type {DriftReport, FeatureHistogram} from '../../protocol/index.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import type {WindowCounts} from '../windows/window-counts.ts';

export type DriftSettings = {
  /** Smallest de-biased PSI that is called drift: .1 is usually read as "watch", .25 as "act". */
  readonly effect: number;
  /** False discovery rate over the subjects of a window. */
  readonly alpha: number;
  /** Windows with fewer predictions say `insufficient data`. */
  readonly minRows: number;
  /** Features that are not compared: those that tell the time, such as the weekday, differ in every window. */
  readonly except: readonly string[];
};

export const DRIFT_DEFAULTS: DriftSettings = {effect: 0.2, alpha: 0.01, minRows: 500, except: []};

/**
 * One report per feature, and one for the predictions. `drift` needs a significant test (chi-square over
 * the bins, nulls a bin of their own, Benjamini-Hochberg over all subjects) and an effect of at least the
 * floor: in large windows any difference is significant, in small ones large effects are chance.
 *
 * The test takes rows for independent. Rows that share an hour or an airport are not, so that its p-values
 * are too small; the floor on the effect is what holds back alerts then.
 */
export function driftReports(
  profile: TrainingProfile,
  counts: WindowCounts,
  settings: DriftSettings & {readonly predictionEffect: number},
): {prediction: DriftReport; features: DriftReport[]} {
  const references = [...profile.features, {name: 'prediction', counts: profile.prediction.counts, nulls: 0}];
  const compared = references.flatMap(({name, counts: reference, nulls}, f) => {
    if (settings.except.includes(name)) return [];
    const now = counts.of(f);
    const expected = [...reference, nulls];
    const current = [...now.counts, now.nulls];
    return {
      subject: name,
      // Without rows on a side there is no effect to speak of.
      effect: psi(expected, current).debiased || 0,
      pValue: chiSquareTest(expected, current).pValue,
    };
  });
  const adjusted = benjaminiHochberg(compared.map(({pValue}) => pValue));
  const reports = compared.map(({subject, effect}, f): DriftReport => {
    const pValue = adjusted[f]!;
    const floor = f < compared.length - 1 ? settings.effect : settings.predictionEffect;
    const rows = counts.predictions;
    const verdict =
      rows < settings.minRows ? 'insufficient data' : pValue <= settings.alpha && effect >= floor ? 'drift' : 'stable';
    return {subject, method: 'psi', effect, pValue, verdict, rows};
  });
  return {prediction: reports.at(-1)!, features: reports.slice(0, -1)};
}

/** Reference and current counts of every feature, for drawing. */
export function featureHistograms(profile: TrainingProfile, counts: WindowCounts): FeatureHistogram[] {
  return profile.features.map((feature, f) => {
    const current = counts.of(f);
    return {
      feature: feature.name,
      kind: feature.kind,
      edges: feature.kind === 'numeric' ? feature.edges : [],
      categories: feature.kind === 'categorical' ? feature.categories : [],
      reference: feature.counts,
      current: current.counts,
      referenceNulls: feature.nulls,
      currentNulls: current.nulls,
    };
  });
}
