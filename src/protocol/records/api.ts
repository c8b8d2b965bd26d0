import type {JsonValue} from '../json.ts';
import type {FeatureRecord, StreamRecord} from './feature.ts';
import type {ModelVersion, ReleasePlan} from './model-version.ts';
import type {Alert, FeatureHistogram, MonitorWindow} from './monitoring.ts';
import type {Retrain} from './retrain.ts';
import type {StageRecord} from './summary.ts';

/*
 * What the HTTP API answers. Times are UTC ms; every list is newest first unless it says otherwise.
 *
 *   GET  /api/overview                                   Overview
 *   GET  /api/models                                     ModelVersion[] of all models
 *   GET  /api/models/:model                              ModelDetail
 *   GET  /api/models/:model/versions/:version            ModelVersion
 *   GET  /api/models/:model/windows?from=&to=            MonitorWindow[], oldest first
 *   GET  /api/models/:model/distributions?window=ID      FeatureHistogram[] (latest window when not named)
 *   GET  /api/models/:model/predictions?limit=           PredictionRecord[], the newest kept in memory
 *   GET  /api/models/:model/consistency                 ConsistencyRun[]
 *   GET  /api/alerts · /api/retrains                     Alert[] · Retrain[]
 *   GET  /api/streams                                    StreamDetail[]
 *   GET  /api/streams/:stream/quarantine?limit=          QuarantinePage
 *   POST /api/streams/:stream/quarantine/replay          {} → QuarantineReplay
 *   GET  /api/features?q=                                FeatureRecord[]: all, or those found, best first
 *   GET  /api/features/:name                             FeatureDetail
 *   GET  /api/features/:name/lineage                     Lineage
 *   GET  /api/definitions                                DefinitionRecord[] of views and feature sets, by name
 *   GET  /api/definitions/:name/diff?from=&to=           DefinitionDiff (the newest against the one before)
 *   GET  /api/summary                                    RunSummary
 *   GET  /api/live                                       server-sent events: LiveTick, at most two a second
 *   POST /v1/models/:model/predict                       PredictRequest → PredictAnswer
 *   POST /v1/models/:model/consistency                  ConsistencyRequest → ConsistencyRun, as it starts (202)
 *   POST /v1/features/:set/read                          FeatureReadRequest → FeatureRows
 *   POST /v1/features/:set/why                           WhyRequest → WhyAnswer
 *   POST /v1/events/:stream                              {events: [...]} → PushAnswer
 *   GET  /health/live · /health/ready · /metrics
 */

/** Everything the first page needs, in one answer. */
export type Overview = {
  readonly project: string;
  readonly clock: number;
  readonly verdict: {readonly level: 'good' | 'watch' | 'bad' | 'unknown'; readonly sentence: string};
  readonly models: readonly ModelSummary[];
  readonly streams: readonly StreamRecord[];
  readonly features: number;
  readonly predictions: number;
  readonly openAlerts: readonly Alert[];
  readonly retrains: readonly Retrain[];
  readonly stages: readonly StageRecord[];
  readonly consistency: {readonly values: number; readonly mismatches: number} | null;
};

export type ModelSummary = {
  readonly model: string;
  readonly description: string;
  readonly champion: number | null;
  readonly versions: number;
  readonly plan: ReleasePlan | null;
  /** Of the newest window with mature labels. */
  readonly auc: number | null;
  readonly windows: readonly {
    readonly from: number;
    readonly predictions: number;
    readonly auc: number | null;
    readonly meanPrediction: number;
    readonly baseRate: number | null;
  }[];
};

export type ModelDetail = {
  readonly model: string;
  readonly description: string;
  readonly owner: string;
  readonly plan: ReleasePlan | null;
  readonly plans: readonly ReleasePlan[];
  readonly versions: readonly ModelVersion[];
  readonly retrains: readonly Retrain[];
  /** The written rules, in words. */
  readonly policy: readonly string[];
};

export type PredictRequest = {
  /** Entity keys and request fields of one prediction, or of several. */
  readonly instances: readonly {readonly [field: string]: JsonValue}[];
};

export type PredictAnswer = {
  readonly model: string;
  readonly predictions: readonly {
    readonly id: string;
    readonly prediction: number;
    readonly version: number;
    readonly role: 'champion' | 'canary';
    /** Query time of the features (UTC ms). */
    readonly at: number;
    readonly features: {readonly [name: string]: number | string | boolean | null};
  }[];
};

export type PredictionRecord = {
  readonly id: string;
  readonly at: number;
  readonly version: number;
  readonly prediction: number;
  /** Null until the label is known. */
  readonly label: number | null;
  readonly latencyUs: number;
  /** The fields of the request, as they could be sent again. */
  readonly request: {readonly [field: string]: number | string | boolean | null};
  readonly features: {readonly [name: string]: number | string | boolean | null};
};

export type PushAnswer = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly {readonly index: number; readonly check: string; readonly message: string}[];
  readonly position: number;
};

export type LiveTick = {
  readonly clock: number;
  readonly predictions: number;
  readonly predictionsPerSecond: number;
  readonly events: number;
  readonly stage: StageRecord | null;
  /** Changes when lists should be read again. */
  readonly revision: number;
};

export type Distributions = readonly FeatureHistogram[];
export type Windows = readonly MonitorWindow[];
export type Features = readonly FeatureRecord[];
