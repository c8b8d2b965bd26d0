/** What a model's training data and predictions looked like: the reference that production is compared with. */

import {histogram, quantileEdges} from '../../math/index.ts';
import type {Metrics} from '../../protocol/index.ts';

export type NumericProfile = {
  readonly kind: 'numeric';
  readonly name: string;
  /** Share of the model's importance, 0 to 1. */
  readonly importance: number;
  /** Ascending inner edges: bin i holds `edges[i - 1] <= x < edges[i]`, the outer bins are open. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
  readonly nulls: number;
  /** Smallest and largest value; absent where there was none, and in profiles of earlier releases. */
  readonly range?: {readonly min: number; readonly max: number};
};

export type CategoricalProfile = {
  readonly kind: 'categorical';
  readonly name: string;
  readonly importance: number;
  /** The most frequent values, then `other`, which also takes values never seen in training. */
  readonly categories: readonly string[];
  /** The code that stands for each category but `other` in encoded vectors; empty if values are never encoded. */
  readonly codes: readonly number[];
  readonly counts: readonly number[];
  readonly nulls: number;
};

export type FeatureProfile = NumericProfile | CategoricalProfile;

/** Plain JSON, kept with the model version. */
export type TrainingProfile = {
  readonly model: string;
  readonly version: number;
  /** Rows of the training split. */
  readonly rows: number;
  /** Share of positive labels in the training split. */
  readonly baseRate: number;
  /** In the order in which vectors are observed. */
  readonly features: readonly FeatureProfile[];
  /** Predictions on the test split, over their own deciles. */
  readonly prediction: {readonly edges: readonly number[]; readonly counts: readonly number[]};
  /** Quality on the test split: mean prediction, base rate, AUC and its interval. */
  readonly test: Metrics;
  /** Fields of requests as they came, those left out that a feature repeats unchanged. Absent in profiles of earlier releases, as `slices`. */
  readonly inputs?: readonly FeatureProfile[];
  /** The same distributions by value of what traffic is told apart by. */
  readonly slices?: readonly SliceProfile[];
};

/** One feature or input by whose values traffic is told apart. */
export type SliceProfile = {
  readonly name: string;
  /** By bin of the feature, as its counts; the last of missing values. */
  readonly values: readonly SliceValueProfile[];
};

/** Counts over the bins of the features and of the predictions; null where there was no row. */
export type SliceValueProfile = {
  readonly features: readonly {readonly counts: readonly number[]; readonly nulls: number}[];
  readonly prediction: {readonly counts: readonly number[]; readonly nulls: number};
} | null;

/** One feature over the rows of the training split; NaN or null where it is missing. */
export type ProfiledFeature = {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly importance: number;
  readonly values: Float64Array | readonly (string | null)[];
  /** Text of each code, when the values of a categorical feature are codes 0, 1, 2, … */
  readonly vocabulary?: readonly string[];
};

export type ProfileInput = {
  readonly model: string;
  readonly version: number;
  readonly baseRate: number;
  readonly features: readonly ProfiledFeature[];
  readonly inputs?: readonly ProfiledFeature[];
  /** The model's predictions on the test split. */
  readonly predictions: Float64Array;
  readonly test: Metrics;
};

const BINS = 10;
const TOP_CATEGORIES = 20;
/** Edges come from at most this many rows, evenly spread; counts from all. */
const EDGE_SAMPLE = 100_000;

export function buildTrainingProfile(input: ProfileInput): TrainingProfile {
  const edges = edgesOf(input.predictions);
  return {
    model: input.model,
    version: input.version,
    rows: input.features[0]?.values.length ?? 0,
    baseRate: input.baseRate,
    features: input.features.map(profileOf),
    prediction: {edges, counts: histogram(input.predictions, edges).counts},
    test: input.test,
    ...(input.inputs ? {inputs: input.inputs.map(profileOf)} : {}),
  };
}

const profileOf = (feature: ProfiledFeature): FeatureProfile =>
  feature.kind === 'numeric' ? numericProfile(feature) : categoricalProfile(feature);

function numericProfile({name, importance, values}: ProfiledFeature): NumericProfile {
  if (!(values instanceof Float64Array)) throw new TypeError(`profile: the numeric feature '${name}' holds strings.`);
  const edges = edgesOf(values);
  const range = rangeOf(values);
  return {kind: 'numeric', name, importance, ...histogram(values, edges), ...(range ? {range} : {})};
}

function rangeOf(values: Float64Array): {readonly min: number; readonly max: number} | null {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? {min, max} : null;
}

function edgesOf(values: Float64Array): number[] {
  const step = Math.max(1, Math.ceil(values.length / EDGE_SAMPLE));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i]!)) sample.push(values[i]!);
  return quantileEdges(sample, BINS);
}

function categoricalProfile({name, importance, values, vocabulary}: ProfiledFeature): CategoricalProfile {
  const tallies = new Map<string | number, number>();
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (value === null || Number.isNaN(value)) nulls++;
    else tallies.set(value, (tallies.get(value) ?? 0) + 1);
  }
  const top = [...tallies].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, TOP_CATEGORIES);
  const counts = top.map(([, count]) => count);
  const other = values.length - nulls - counts.reduce((sum, count) => sum + count, 0);
  const encoded = values instanceof Float64Array;
  return {
    kind: 'categorical',
    name,
    importance,
    categories: [
      ...top.map(([value]) => (encoded ? (vocabulary?.[Number(value)] ?? String(value)) : String(value))),
      'other',
    ],
    codes: encoded ? top.map(([code]) => Number(code)) : [],
    counts: [...counts, other],
    nulls,
  };
}
