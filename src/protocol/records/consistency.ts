import type {Value} from '../columns.ts';
import type {ConsistencyReport, FeatureConsistency} from './summary.ts';

/** How a served value differs from the recomputed one: both are there, it was served null, or it should have been null. */
export type SkewKind = 'mismatch' | 'missing' | 'extra';

/** One served value that is not what the event log gives; with its entity and `at` it can be asked why. */
export type SkewExample = {
  readonly kind: SkewKind;
  /** Of the prediction. */
  readonly id: string;
  /** Query time (UTC ms). */
  readonly at: number;
  /** The live state had applied all events below this log position. */
  readonly position: number;
  readonly served: number | string | null;
  readonly recomputed: number | string | null;
  /** The fields of the request. */
  readonly request: {readonly [field: string]: Value};
};

export type FeatureSkew = FeatureConsistency & {
  /** Mean of 2|a − b| / (|a| + |b|) over all pairs of numbers, from 0 to 2; null for features that are no numbers. */
  readonly smape: number | null;
  /** A few of each kind. */
  readonly examples: readonly SkewExample[];
};

/** One comparison of served features of a model with what the event log gives. */
export type ConsistencyRun = Omit<ConsistencyReport, 'features'> & {
  readonly id: string;
  readonly model: string;
  /** The feature set it reads. */
  readonly set: string;
  /** 1, 2, 3 … per model. */
  readonly number: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly trigger: 'scheduled' | 'manual';
  /** On the project's clock (UTC ms). */
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Predictions in [from, to); null: since the first. */
  readonly from: number | null;
  readonly to: number;
  /** Share of keys whose predictions were compared; 1: all. */
  readonly sample: number;
  /** Fields of the request that are the key. */
  readonly keys: readonly string[];
  readonly features: readonly FeatureSkew[];
  /** What went wrong, where it failed. */
  readonly error: string | null;
};

/** POST /v1/models/:model/consistency */
export type ConsistencyRequest = {
  /** Share of keys, above 0 up to 1; as the model's policy has it unless given. */
  readonly sample?: number;
  /** Predictions in [from, to), ISO 8601 or ms; as the model's policy has it unless given. */
  readonly from?: string | number;
  readonly to?: string | number;
};
