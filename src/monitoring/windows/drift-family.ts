/** All that is compared in a window, as one family of tests: features, predictions, inputs, slices, versions and longer spans. */

import type {DriftReport} from '../../protocol/index.ts';
import type {DriftPair} from '../drift/cells.ts';
import type {DriftSettings} from '../drift/drift-settings.ts';
import {judgeDrift} from '../drift/judge-drift.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import type {Tallies} from './window-bins.ts';

export type FamilySettings = DriftSettings & {
  readonly predictionEffect: number;
  /** By subject, where they are larger than those of the policy. */
  readonly floors: ReadonlyMap<string, number>;
};

/** What is compared with what: `inputs` are left out where they are not asked for. */
export type Comparison = {
  readonly reference: Tallies;
  readonly current: Tallies;
  readonly inputs: boolean;
};

export type ComparisonReports = {
  readonly prediction: DriftReport;
  readonly features: readonly DriftReport[];
  readonly inputs: readonly DriftReport[];
};

/** Judges all comparisons together; one answer for each, in their order. */
export function judgeFamily(
  profile: TrainingProfile,
  comparisons: readonly Comparison[],
  settings: FamilySettings,
): ComparisonReports[] {
  const groups = comparisons.map(comparison => pairsOf(profile, comparison, settings));
  const reports = judgeDrift(
    groups.flatMap(({features, inputs, prediction}) => [...features, ...inputs, prediction]),
    settings,
  );
  const take = (count: number): DriftReport[] => reports.splice(0, count);
  return groups.map(({features, inputs}) => ({
    features: take(features.length),
    inputs: take(inputs.length),
    prediction: take(1)[0]!,
  }));
}

function pairsOf(
  profile: TrainingProfile,
  {reference, current, inputs}: Comparison,
  {except, effect, predictionEffect, floors}: FamilySettings,
): {readonly features: DriftPair[]; readonly inputs: DriftPair[]; readonly prediction: DriftPair} {
  // In hundredths: what is remembered by floor stays small.
  const learned = (subject: string): number => Math.ceil(100 * (floors.get(subject) ?? 0)) / 100;
  const floorOf = (subject: string, usual: number) => ({floor: Math.max(usual, learned(subject))});
  const pairs = (level: 'features' | 'inputs') =>
    (profile[level] ?? []).flatMap(({name: subject, kind}, f): DriftPair[] => {
      const [before, now] = [reference[level][f], current[level][f]];
      if (except.includes(subject) || !before || !now) return [];
      return [{subject, kind, reference: before, current: now, ...floorOf(subject, effect)}];
    });
  return {
    features: pairs('features'),
    inputs: inputs ? pairs('inputs') : [],
    prediction: {
      subject: 'prediction',
      kind: 'numeric',
      reference: reference.prediction,
      current: current.prediction,
      ...floorOf('prediction', predictionEffect),
    },
  };
}
