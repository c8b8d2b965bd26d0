/** Parts of the traffic, such as `origin = ATL`: how each is told apart, compared and named. */

import type {SliceWindow} from '../../protocol/index.ts';
import type {SliceProfile, TrainingProfile} from '../profiles/training-profile.ts';
import type {Comparison, ComparisonReports} from './drift-family.ts';
import type {FeatureVector, RequestValues, Tallies} from './window-bins.ts';
import {WindowBins} from './window-bins.ts';
import {type SliceCounts, WindowCounts} from './window-counts.ts';

/** What is called a value that is missing. */
const MISSING = 'missing';
/** Slices with fewer rows are counted, not compared. */
const LEAST_ROWS = 100;

export type ComparedSlice = {
  readonly feature: string;
  readonly value: string;
  readonly counts: SliceCounts;
  /** With the same slice of the training data; null where either has too few rows. */
  readonly comparison: Comparison | null;
};

/** All slices of a window that have rows, in the order of the profile. */
export function comparedSlices({slices, bins}: WindowCounts, profile: TrainingProfile): ComparedSlice[] {
  return slices.flatMap(({name, values}) => {
    const reference = profile.slices?.find(slice => slice.name === name);
    const names = sliceValues(profile, name);
    return values.flatMap((counts): ComparedSlice[] => {
      if (!counts) return [];
      const tallies = reference ? referenceOf(reference, counts.bin) : null;
      const enough = tallies !== null && counts.predictions >= LEAST_ROWS;
      const comparison = enough ? {reference: tallies, current: bins.read(counts.block), inputs: false} : null;
      return [{feature: name, value: names[counts.bin]!, counts, comparison}];
    });
  });
}

/** `drift` holds what drifts; what is stable or has too few rows is left out, because slices are many. */
export function sliceWindow({feature, value, counts}: ComparedSlice, reports: ComparisonReports | null): SliceWindow {
  const {predictions, predictionSum} = counts;
  const all = reports ? [...reports.features, reports.prediction] : [];
  return {
    feature,
    value,
    predictions,
    meanPrediction: predictionSum / predictions,
    drift: all.filter(({verdict}) => verdict === 'drift'),
    performance: null,
  };
}

/** Names of the values of a feature or input, by bin, that of missing values last. */
export function sliceValues({features, inputs = []}: TrainingProfile, name: string): string[] {
  const feature = [...features, ...inputs].find(one => one.name === name);
  if (!feature) return [];
  return [...(feature.kind === 'categorical' ? feature.categories : rangesOf(feature.edges)), MISSING];
}

/** `below 2`, `2 to 5`, `5 or more`. */
function rangesOf(edges: readonly number[]): string[] {
  const figure = (value: number): string => String(Number(value.toPrecision(4)));
  return Array.from({length: edges.length + 1}, (_, bin) => {
    if (edges.length === 0) return 'any';
    if (bin === 0) return `below ${figure(edges[0]!)}`;
    if (bin === edges.length) return `${figure(edges[bin - 1]!)} or more`;
    return `${figure(edges[bin - 1]!)} to ${figure(edges[bin]!)}`;
  });
}

/** Rows of a split, one by one. */
export type SplitRows = {
  readonly rows: number;
  readonly vector: (row: number) => FeatureVector;
  readonly request: (row: number) => RequestValues;
};

/**
 * The slices of a profile: distributions of features on the training split, of predictions on the test split, counted as
 * windows are. Names that the profile has no feature or input of are left out.
 */
export function profileSlices(
  profile: TrainingProfile,
  names: readonly string[],
  train: SplitRows,
  test: SplitRows & {readonly scores: Float64Array},
): SliceProfile[] {
  const bins = new WindowBins(profile);
  const [trained, tested] = [new WindowCounts(bins, names), new WindowCounts(bins, names)];
  for (let i = 0; i < train.rows; i++) trained.add(train.vector(i), Number.NaN, 0, 0, train.request(i));
  for (let i = 0; i < test.rows; i++) tested.add(test.vector(i), test.scores[i]!, 0, 0, test.request(i));
  return trained.slices.map(({name, values}, s) => ({
    name,
    values: values.map((counts, bin) => {
      const scored = tested.slices[s]!.values[bin];
      if (!counts || !scored) return null;
      return {features: bins.read(counts.block).features, prediction: bins.read(scored.block).prediction};
    }),
  }));
}

/** The same object for the same slice: what is found out about a reference is remembered by it. */
function referenceOf(slice: SliceProfile, bin: number): Tallies | null {
  const known = references.get(slice) ?? [];
  references.set(slice, known);
  const value = slice.values[bin];
  if (!value) return null;
  known[bin] ??= {...value, inputs: []};
  return known[bin];
}

const references = new WeakMap<SliceProfile, Tallies[]>();

/**
 * Names the value of a slice that a logged value lies in, as windows count it. Bools are logged as 0 and 1, categories as
 * texts or numbers.
 */
export function sliceReader(profile: TrainingProfile, name: string): (value: number | string | null) => string {
  const feature = [...profile.features, ...(profile.inputs ?? [])].find(one => one.name === name);
  if (!feature) return () => MISSING;
  const bins = new WindowBins({features: [feature], prediction: {edges: [], counts: [0]}});
  const places = new Uint32Array(bins.lanes);
  const values = sliceValues(profile, name);
  const bools = feature.kind === 'categorical' && feature.categories.includes('true');
  return value => {
    const missing = value === null || Number.isNaN(value);
    const text = bools && typeof value === 'number' ? String(value !== 0) : String(value);
    bins.place([missing ? null : feature.kind === 'categorical' ? text : value], 0, null, places);
    return values[places[0]!]!;
  };
}
