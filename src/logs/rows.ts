/**
 * What the prediction log holds. One stream per model for what was answered, with the features that were
 * used, and one for what other versions would have answered, without them:
 *
 *   predictions/<model>   version, role, propensity, prediction, level, outside, latencyUs, position, f_<feature> …
 *   shadow/<model>        version, prediction, latencyUs
 *
 * The id of a row is the id of the prediction in both streams, and its event time the query time q.
 */
import type {ColumnData} from '../protocol/index.ts';

/** One feature vector in the order of the writer's columns; NaN or null where a value is missing. */
export type FeatureValues = Float64Array | readonly (number | string | null)[];

/** An answered request. */
export type ServedRow = {
  readonly id: string;
  /** Query time of its features (UTC ms). */
  readonly at: number;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** Probability with which the id was given to this version. */
  readonly propensity: number;
  readonly prediction: number;
  /** Which level answered, as serving names it; `model` where the version in charge did. */
  readonly level: string;
  /** Names of inputs outside what training saw. */
  readonly outside: readonly string[];
  /** Wall clock, microseconds. */
  readonly latencyUs: number;
  /** End of the event log that the live features had applied: a recomputation uses positions below it. */
  readonly position: number;
  readonly features: FeatureValues;
};

/** The score of a version that did not answer. */
export type ShadowRow = {
  readonly id: string;
  readonly at: number;
  readonly version: number;
  readonly prediction: number;
  readonly latencyUs: number;
};

type Batch = {
  readonly model: string;
  readonly count: number;
  readonly ids: readonly string[];
  readonly at: Float64Array;
  readonly versions: Float64Array;
  readonly predictions: Float64Array;
  readonly latenciesUs: Float64Array;
};

/** Answered requests, column by column, in the order in which they were logged. */
export type ServedBatch = Batch & {
  readonly roles: readonly ('champion' | 'canary')[];
  /** NaN in rows of releases that did not log it. */
  readonly propensities: Float64Array;
  readonly levels: readonly string[];
  /** Names with commas between them; null where nothing was outside. */
  readonly outside: readonly (string | null)[];
  readonly positions: Float64Array;
  /** By feature name, without the prefix. */
  readonly features: Readonly<Record<string, ColumnData>>;
};

/** Shadow scores, column by column. */
export type ShadowBatch = Batch;

export const servedStream = (model: string): string => `predictions/${model}`;
export const shadowStream = (model: string): string => `shadow/${model}`;
export const FEATURE_PREFIX = 'f_';
