/** Counts over the bins of a profile, as they are put together and kept. */

import type {BinCounts} from '../drift/cells.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import type {Tallies} from './window-bins.ts';

/** Tallies as plain JSON: each distribution's counts, nulls last. */
export type TalliesRecord = {
  /** Version whose profile has the bins. */
  readonly version: number;
  /** Rows counted. */
  readonly rows: number;
  readonly features: readonly (readonly number[])[];
  readonly prediction: readonly number[];
  readonly inputs: readonly (readonly number[])[];
};

export function recordTallies(version: number, rows: number, {features, prediction, inputs}: Tallies): TalliesRecord {
  const line = ({counts, nulls}: BinCounts) => [...counts, nulls];
  return {version, rows, features: features.map(line), prediction: line(prediction), inputs: inputs.map(line)};
}

export function talliesOf({features, prediction, inputs}: TalliesRecord): Tallies {
  const counts = (line: readonly number[]): BinCounts => ({counts: line.slice(0, -1), nulls: line.at(-1)!});
  return {features: features.map(counts), prediction: counts(prediction), inputs: inputs.map(counts)};
}

/** The sum of counts over the same bins; null for none. */
export function mergeRecords(records: readonly TalliesRecord[]): TalliesRecord | null {
  const [first, ...others] = records;
  if (!first) return null;
  return others.reduce(
    (sum, one) => ({
      version: first.version,
      rows: sum.rows + one.rows,
      features: sum.features.map((line, f) => add(line, one.features[f]!)),
      prediction: add(sum.prediction, one.prediction),
      inputs: sum.inputs.map((line, f) => add(line, one.inputs[f]!)),
    }),
    first,
  );
}

const add = (a: readonly number[], b: readonly number[]): number[] => a.map((count, i) => count + b[i]!);

/** What training looked like. The same object for the same profile: what is found out about a reference is remembered by it. */
export function trainingTallies(profile: TrainingProfile): Tallies {
  let tallies = ofTraining.get(profile);
  if (!tallies) {
    const {features, prediction, inputs = []} = profile;
    tallies = {features, prediction: {counts: prediction.counts, nulls: 0}, inputs};
    ofTraining.set(profile, tallies);
  }
  return tallies;
}

const ofTraining = new WeakMap<TrainingProfile, Tallies>();
