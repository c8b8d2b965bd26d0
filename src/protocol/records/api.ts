import type {JsonValue} from '../json.ts';
import type {FeatureRecord, StreamRecord} from './feature.ts';
import type {Incident} from './incident.ts';
import type {ModelVersion, ReleasePlan} from './model-version.ts';
import type {Alert, FeatureHistogram, ImportanceDrift, MonitorWindow} from './monitoring.ts';
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
 *   GET  /api/slos                                       SloStatus[] of all models
 *   GET  /api/incidents?state=&model=&limit=             Incident[]
 *   GET  /api/incidents/:id                              IncidentDetail
 *   POST /api/incidents/:id/acknowledge                  {by?} → Incident
 *   POST /api/incidents/:id/feedback                     {verdict: useful | noise, by?} → Incident
 *   GET  /api/alert-precision                            AlertPrecision of each model
 *   GET  /api/silences                                   Silence[]
 *   POST /api/silences                                   {matches, for | to, from?, reason, kind?, by?} → Silence (201)
 *   DELETE /api/silences/:id                             Silence, ended now
 *   GET  /api/deliveries?state=&limit=                   Delivery[]
 *   GET  /api/channels                                   {name, kind}[]
 *   POST /api/channels/:name/test                        {} → Delivery: what came of one attempt
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
 *   GET  /api/serving                                    ServingStatus of each model
 *   GET  /api/models/:model/reviews?state=&limit=        Review[]
 *   POST /api/models/:model/reviews                      {id, decision, by} → Review
 *   POST /api/models/:model/deploy                       {version?, reason?} → ReleasePlan
 *   POST /api/models/:model/retrain                      {reason?} → Retrain, as it starts (202)
 *   POST /v1/models/:model/predict                       PredictRequest → PredictAnswer
 *   POST /v1/models/:model/rank                          RankRequest → RankAnswer
 *   POST /v1/models/:model/feedback                      FeedbackRequest → PushAnswer
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
  readonly openIncidents: readonly Incident[];
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
  /** Name of what is predicted. */
  readonly label?: string;
  readonly plan: ReleasePlan | null;
  readonly plans: readonly ReleasePlan[];
  readonly versions: readonly ModelVersion[];
  readonly retrains: readonly Retrain[];
  /** What versions rely on, each against the one before it, newest first. */
  readonly importanceDrift?: readonly ImportanceDrift[];
  /** The written rules, in words. */
  readonly policy: readonly string[];
  /** How far the AUC may fall below that of the test split before people are told; null: there is no such rule. */
  readonly allowedDrop: number | null;
};

export type PredictRequest = {
  /** Entity keys and request fields of one prediction, or of several. */
  readonly instances: readonly {readonly [field: string]: JsonValue}[];
} & AnswerOptions;

/** What is said beside a prediction. */
export type AnswerOptions = {
  /** The features that it was computed from; true unless told. */
  readonly features?: boolean;
  /** What each feature added to it. */
  readonly explain?: boolean;
  /** How old the newest event behind each view is. */
  readonly freshness?: boolean;
};

export type PredictAnswer = {
  readonly model: string;
  readonly predictions: readonly Prediction[];
};

export type Prediction = {
  readonly id: string;
  /** Probability of label 1, or the value; null where the model abstained. */
  readonly prediction: number | null;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** Query time of the features (UTC ms). */
  readonly at: number;
  /** Which level answered: `model`, `sticky`, `cached`, `precomputed`, or the step of the fallback chain. */
  readonly level: string;
  readonly features?: {readonly [name: string]: number | string | boolean | null};
  /** Why the levels above did not answer; absent when the model did. */
  readonly skipped?: readonly {readonly level: string; readonly reason: string; readonly message?: string}[];
  /** Inputs outside what training saw; absent when there were none. */
  readonly outside?: readonly string[];
  /** The model was too unsure: `score` is what it leant to, and people are asked. Absent otherwise. */
  readonly abstained?: true;
  readonly score?: number;
  /** In units of the margin (log odds): `base` plus all contributions; null where no model gave the answer now. */
  readonly explanation?: {readonly base: number; readonly contributions: {readonly [feature: string]: number}} | null;
  /** By view, the time of the newest event behind its features (UTC ms); null: none is known. */
  readonly freshness?: {readonly [view: string]: number | null};
};

/** One user, many candidates: scored and ordered in one call. */
export type RankRequest = {
  /** Fields that all candidates share. */
  readonly context: {readonly [field: string]: JsonValue};
  readonly candidates: readonly {readonly [field: string]: JsonValue}[];
  /** How many of the best to answer with; all unless told. */
  readonly top?: number;
  /** The id of the ranking, which keeps it on its version; random unless told. */
  readonly id?: string;
};

export type RankAnswer = {
  readonly model: string;
  readonly id: string;
  readonly version: number;
  readonly at: number;
  /** Best first; of equal scores the one that came first. */
  readonly ranking: readonly {
    /** The candidate's own, or `<id of the ranking>/<index>`. */
    readonly id: string;
    /** Where it stood in the request. */
    readonly index: number;
    readonly score: number;
    readonly level: string;
  }[];
};

/** What came back about predictions. */
export type FeedbackRequest = {
  readonly feedback: readonly {
    /** Of the prediction. */
    readonly id: string;
    /** `explicit` (somebody said it) unless told, or `implicit` (seen in what they did). */
    readonly kind?: 'explicit' | 'implicit';
    /** `feedback` unless told. */
    readonly name?: string;
    readonly value?: number | boolean | null;
    /** ISO 8601 or milliseconds; now unless told. */
    readonly at?: string | number;
    /** The same id twice counts once; random unless told. */
    readonly feedbackId?: string;
  }[];
};

export type PredictionRecord = {
  readonly id: string;
  readonly at: number;
  readonly version: number;
  readonly prediction: number;
  /** Which level answered. */
  readonly level: string;
  /** Inputs outside what training saw; absent when there were none. */
  readonly outside?: readonly string[];
  /** The answer was that people decide; `prediction` is what the model leant to. Absent otherwise. */
  readonly abstained?: true;
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
