import type {JsonValue} from '../json.ts';
import type {DatasetRecord, EvaluationReport, Metrics} from './evaluation.ts';

/**
 * The life of a version:
 *   candidate ─(gates)→ registered ─→ shadow ─→ canary ─→ champion ─→ retired
 *        └→ rejected         └────────┴─ rejected ┘
 */
export type VersionStatus = 'registered' | 'rejected' | 'shadow' | 'canary' | 'champion' | 'retired';

export type FeatureUse = {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  /** Share of the total gain (trees) or of the absolute standardised coefficients (linear); sums to 1. */
  readonly importance: number;
};

/** A version of a view that a model was trained with: `version` as `viewVersion` gives it. */
export type ViewPin = {readonly name: string; readonly version: string};

export type ModelVersion = {
  readonly model: string;
  /** 1, 2, 3, … within the model. */
  readonly version: number;
  readonly status: VersionStatus;
  readonly createdAt: number;
  readonly algorithm: string;
  readonly parameters: {readonly [name: string]: JsonValue};
  readonly features: readonly FeatureUse[];
  /** The definitions that it was trained with, and is served with. Absent in versions made before these were kept. */
  readonly views?: readonly ViewPin[];
  readonly featureSet?: {readonly name: string; readonly version: string; readonly definition: JsonValue};
  readonly dataset: DatasetRecord;
  /** On the test split. */
  readonly metrics: Metrics;
  readonly evaluation: EvaluationReport;
  readonly lineage: {
    /** Version that was champion when this one was trained; null for the first. */
    readonly incumbent: number | null;
    /** Version this one continued from (warm start); null when trained from scratch. */
    readonly parent: number | null;
    /** Id of the retrain that made it; null for a training by hand. */
    readonly retrain: string | null;
    readonly definitionHash: string;
    /** Last log position that the training set could see. */
    readonly logPosition: number;
    readonly seed: number;
  };
  readonly artifact: {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly onnxName: string | null;
    readonly onnxSha256: string | null;
    /** Largest difference between our evaluator and ONNX Runtime, on `onnxRows` rows; null if it was not checked. */
    readonly onnxMaxDifference: number | null;
    readonly onnxRows: number;
    /** Simpler models that were trained beside it, for when it cannot answer. */
    readonly companions?: readonly {readonly name: string; readonly object: string; readonly sha256: string}[];
  };
  readonly trainingSeconds: number;
};

/** Who answers which share of the traffic. Shares of champion and canary sum to 1; a shadow has share 0. */
export type ReleaseArm = {
  readonly version: number;
  readonly role: 'champion' | 'canary' | 'shadow';
  readonly share: number;
};

export type ReleasePlan = {
  readonly model: string;
  readonly revision: number;
  readonly at: number;
  readonly arms: readonly ReleaseArm[];
  /** Salt of the assignment hash: units keep their arm as long as it stays. */
  readonly salt: string;
  readonly reason: string;
};
