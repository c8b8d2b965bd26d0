import {exp} from '../math/index.ts';
import type {Matrix} from './matrix.ts';
import type {ModelSpec} from './model-spec.ts';

/**
 * A model ready to answer. `predictRow` and `predictBatch` agree to the bit, for any batch size.
 * One predictor serves one thread: it reuses scratch space between calls.
 */
export interface Predictor {
  readonly spec: ModelSpec;
  /** Probability of label 1, or the value. `features` in the order of `spec.features`; NaN is missing. */
  predictRow(features: Float64Array): number;
  /** One prediction per row, into `out` if given. */
  predictBatch(matrix: Matrix, out?: Float64Array): Float64Array;
  /** The raw score: log odds for a binary task, else the value. */
  marginRow(features: Float64Array): number;
  marginBatch(matrix: Matrix, out?: Float64Array): Float64Array;
  /** What each feature adds to the margin of this row: `base + sum(contributions) = marginRow(features)`. */
  explain(features: Float64Array): Explanation;
  /** Per feature, in the order of `spec.features`; shares sum to 1 (or are all 0 for a constant model). */
  importance(): FeatureImportance[];
}

export type Explanation = {
  /** The mean margin over the training rows, as the model kind defines it. */
  readonly base: number;
  /** One per feature, in units of the margin. */
  readonly contributions: Float64Array;
};

export type FeatureImportance = {
  readonly name: string;
  /** Trees: share of the total gain. Linear: share of the absolute standardised coefficients. */
  readonly share: number;
  /** Trees: splits on this feature. Linear: coefficients that are not zero. */
  readonly uses: number;
};

/** 1 / (1 + e^-margin): the one sigmoid of trainers and evaluators, so that they agree to the bit, on every engine. */
export function sigmoid(margin: number): number {
  return 1 / (1 + exp(-margin));
}
