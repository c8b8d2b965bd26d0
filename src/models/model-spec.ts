import type {JsonValue} from '../protocol/index.ts';
import type {FeatureKind} from './matrix.ts';

export type FeatureSpec = {
  readonly name: string;
  readonly kind: FeatureKind;
  /** Categorical only: the category with code `i` stands at `i`; any other category is missing (NaN). */
  readonly vocabulary?: readonly string[];
};

/** Something that was done to a trained model to make it smaller. */
export type CompressionStep = {
  readonly method: 'prune' | 'quantise-16' | 'quantise-8' | 'distil';
  readonly parameters: {readonly [name: string]: JsonValue};
};

/** The manifest of a trained model: what it takes, what it gives, how it came about. JSON throughout. */
export type ModelSpec = {
  /** Version of the artifact format. */
  readonly format: 1;
  readonly kind: 'trees' | 'linear' | 'quantised-trees' | 'quantised-linear';
  /** binary: a prediction is the probability of label 1. regression: it is the value. */
  readonly task: 'binary' | 'regression';
  /** In the order in which a row holds them. */
  readonly features: readonly FeatureSpec[];
  readonly trainer: {
    readonly kind: string;
    /** Changes when the same data and parameters would give another model. */
    readonly version: number;
    readonly parameters: {readonly [name: string]: JsonValue};
  };
  readonly training: {
    readonly rows: number;
    readonly validationRows: number;
    readonly seed: number;
    /** Trees kept, or steps of the optimiser. */
    readonly iterations: number;
    /** Warm start: what it continued from. */
    readonly parent: {readonly iterations: number; readonly sha256: string} | null;
  };
  /** What was done to it after its training, in order. */
  readonly compression?: readonly CompressionStep[];
  /** Rows (null is missing) with the predictions of the trainer; loading repeats them. */
  readonly checks: {
    readonly rows: readonly (readonly (number | null)[])[];
    readonly predictions: readonly number[];
  };
};
