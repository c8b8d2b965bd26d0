/** A window's counts beside those of the training data: what is compared, and what is drawn. */

import type {DriftReport, FeatureHistogram} from '../../protocol/index.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import type {WindowCounts} from '../windows/window-counts.ts';
import type {DriftPair} from './cells.ts';
import type {DriftSettings} from './drift-settings.ts';
import {judgeDrift} from './judge-drift.ts';

/** One report per feature that is compared, and one for the predictions. */
export function driftReports(
  profile: TrainingProfile,
  counts: WindowCounts,
  settings: DriftSettings & {readonly predictionEffect: number},
): {prediction: DriftReport; features: DriftReport[]} {
  const features = profile.features.flatMap((feature, f): DriftPair[] => {
    const {name: subject, kind} = feature;
    return settings.except.includes(subject) ? [] : [{subject, kind, reference: feature, current: counts.of(f)}];
  });
  const prediction: DriftPair = {
    subject: 'prediction',
    kind: 'numeric',
    reference: {counts: profile.prediction.counts, nulls: 0},
    current: counts.of(profile.features.length),
    floor: settings.predictionEffect,
  };
  const reports = judgeDrift([...features, prediction], settings);
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
