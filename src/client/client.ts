/** The HTTP API as typed functions. No dependencies; runs in a browser and in Node. */
import type {
  Alert,
  AlertPrecision,
  ApiKey,
  ApiKeyList,
  ApiKeyRequest,
  AuditPage,
  ConsistencyRequest,
  ConsistencyRun,
  CreatedApiKey,
  DefinitionDiff,
  DefinitionRecord,
  Delivery,
  Distributions,
  FeatureDetail,
  FeatureReadRequest,
  FeatureRows,
  Features,
  FeedbackRequest,
  Incident,
  IncidentDetail,
  JsonValue,
  Lineage,
  ModelDetail,
  ModelVersion,
  Overview,
  PredictAnswer,
  PredictionRecord,
  PredictRequest,
  PushAnswer,
  QuarantinePage,
  QuarantineReplay,
  RankAnswer,
  RankRequest,
  ReleasePlan,
  Retrain,
  Review,
  RunSummary,
  ServingStatus,
  Silence,
  SloStatus,
  StreamDetail,
  WhyAnswer,
  WhyRequest,
  Windows,
} from '../protocol/index.ts';
import {type LiveOptions, type Subscription, subscribe} from './live.ts';
import {type Fetch, json, pathWith, send, type Transport, withKey} from './request.ts';

export type ClientOptions = {
  /** Address of the server, such as `http://127.0.0.1:4710`; in a browser the page's own origin by default. */
  readonly url?: string;
  readonly fetch?: Fetch;
  /** An API key of the server, or what gives the one of the moment; null for none. */
  readonly key?: string | (() => string | null);
};

/** Cancels the call: it rejects with the signal's reason. */
export type CallOptions = {readonly signal?: AbortSignal};

/** Either `to` or `for`; from now unless told. `*` in a matcher stands for any characters. */
export type SilenceRequest = {
  readonly matches: Silence['matches'];
  readonly from?: number | string;
  readonly to?: number | string;
  readonly for?: string;
  readonly reason: string;
  readonly kind?: Silence['kind'];
  readonly by?: string;
};

/** Every call rejects with a `ClientError`. Times are UTC milliseconds; lists are newest first, windows oldest first. */
export type MillraceClient = {
  overview(call?: CallOptions): Promise<Overview>;
  models(call?: CallOptions): Promise<readonly ModelVersion[]>;
  model(model: string, call?: CallOptions): Promise<ModelDetail>;
  version(model: string, version: number, call?: CallOptions): Promise<ModelVersion>;
  /** Windows that begin in `[from, to)`; all of them when not given. */
  windows(model: string, query?: {from?: number; to?: number}, call?: CallOptions): Promise<Windows>;
  /** Reference and current counts of each feature, of the newest window when none is named. */
  distributions(model: string, query?: {window?: string}, call?: CallOptions): Promise<Distributions>;
  predictions(model: string, query?: {limit?: number}, call?: CallOptions): Promise<readonly PredictionRecord[]>;
  /** Comparisons of served features with what the event log gives, newest first. */
  consistency(model: string, call?: CallOptions): Promise<readonly ConsistencyRun[]>;
  /** Starts one; its record is the first of `consistency` from then on. */
  checkConsistency(model: string, request?: ConsistencyRequest, call?: CallOptions): Promise<ConsistencyRun>;
  alerts(call?: CallOptions): Promise<readonly Alert[]>;
  /** What people are told of: the newest 200 unless told. */
  incidents(
    query?: {state?: 'open' | 'resolved'; model?: string; limit?: number},
    call?: CallOptions,
  ): Promise<readonly Incident[]>;
  incident(id: string, call?: CallOptions): Promise<IncidentDetail>;
  /** Somebody works on it: a page is not repeated. */
  acknowledge(id: string, request?: {by?: string}, call?: CallOptions): Promise<Incident>;
  /** Whether it was worth telling. */
  judge(id: string, request: {verdict: 'useful' | 'noise'; by?: string}, call?: CallOptions): Promise<Incident>;
  /** Objectives of all models: what is left of their budgets, and how fast they burn. */
  slos(call?: CallOptions): Promise<readonly SloStatus[]>;
  /** Of all incidents that somebody judged, by model, those that were useful. */
  alertPrecision(call?: CallOptions): Promise<readonly AlertPrecision[]>;
  silences(call?: CallOptions): Promise<readonly Silence[]>;
  /** Says nothing of what matches for a while; times are UTC ms or ISO texts, `for` a duration such as `2h`. */
  silence(request: SilenceRequest, call?: CallOptions): Promise<Silence>;
  unsilence(id: string, call?: CallOptions): Promise<Silence>;
  /** Messages to channels: on their way, delivered, given up. */
  deliveries(query?: {state?: Delivery['state']; limit?: number}, call?: CallOptions): Promise<readonly Delivery[]>;
  channels(call?: CallOptions): Promise<readonly {readonly name: string; readonly kind: string}[]>;
  /** Sends a test message, once; the answer says what came of it. */
  testChannel(name: string, call?: CallOptions): Promise<Delivery>;
  retrains(call?: CallOptions): Promise<readonly Retrain[]>;
  /** All features, or those that a search such as `late owner:dispatch` finds, best first. */
  features(query?: {q?: string}, call?: CallOptions): Promise<Features>;
  feature(name: string, call?: CallOptions): Promise<FeatureDetail>;
  lineage(feature: string, call?: CallOptions): Promise<Lineage>;
  /** Views and feature sets with all versions that they had. */
  definitions(call?: CallOptions): Promise<readonly DefinitionRecord[]>;
  /** How a view or a feature set changed; the newest version against the one before unless told. */
  definitionDiff(name: string, query?: {from?: number; to?: number}, call?: CallOptions): Promise<DefinitionDiff>;
  streams(call?: CallOptions): Promise<readonly StreamDetail[]>;
  /** Refused rows of a stream that wait, oldest first; 50 of them unless told. */
  quarantine(stream: string, query?: {limit?: number}, call?: CallOptions): Promise<QuarantinePage>;
  /** Pushes all of them again. */
  replayQuarantine(stream: string, call?: CallOptions): Promise<QuarantineReplay>;
  summary(call?: CallOptions): Promise<RunSummary>;
  /** Features of many entities, now from the live state or at a time of the past from the log. */
  readFeatures(set: string, request: FeatureReadRequest, call?: CallOptions): Promise<FeatureRows>;
  /** Why a feature of a set has its value: the events of its window, or what it was derived from. */
  why(set: string, request: WhyRequest, call?: CallOptions): Promise<WhyAnswer>;
  predict(model: string, request: PredictRequest, call?: CallOptions): Promise<PredictAnswer>;
  /** Scores and orders the candidates of one request. */
  rank(model: string, request: RankRequest, call?: CallOptions): Promise<RankAnswer>;
  /** Tells what came back about predictions. */
  feedback(model: string, request: FeedbackRequest, call?: CallOptions): Promise<PushAnswer>;
  /** How each model answers: levels, reasons, answers made beforehand. */
  serving(call?: CallOptions): Promise<readonly ServingStatus[]>;
  /** Predictions that wait for people. */
  reviews(
    model: string,
    query?: {state?: Review['state']; limit?: number},
    call?: CallOptions,
  ): Promise<readonly Review[]>;
  decide(model: string, review: {id: string; decision: 0 | 1; by?: string}, call?: CallOptions): Promise<Review>;
  /** Makes a version the champion of all traffic; the newest that passed its gates unless told. */
  deploy(model: string, request?: {version?: number; reason?: string}, call?: CallOptions): Promise<ReleasePlan>;
  retrain(model: string, request?: {reason?: string}, call?: CallOptions): Promise<Retrain>;
  /** Reads a model again, as it lies in the registry or beside the project; if that fails the old one goes on answering. */
  loadModel(model: string, call?: CallOptions): Promise<void>;
  /** Takes a model out of service until it is loaded again. */
  unloadModel(model: string, call?: CallOptions): Promise<void>;
  pushEvents(
    stream: string,
    events: readonly {readonly [field: string]: JsonValue}[],
    call?: CallOptions,
  ): Promise<PushAnswer>;
  /** Server-sent ticks, reconnecting until closed. */
  live(options: LiveOptions): Subscription;
  /** API keys, without their secrets, and whether requests need one. */
  keys(call?: CallOptions): Promise<ApiKeyList>;
  /** Makes a key; its token is in this answer and nowhere else. */
  createKey(request: ApiKeyRequest, call?: CallOptions): Promise<CreatedApiKey>;
  /** Ends a key for good. */
  revokeKey(id: string, call?: CallOptions): Promise<ApiKey>;
  /** Who changed what; `before` is the `next` of the page before. */
  audit(query?: {limit?: number; before?: string}, call?: CallOptions): Promise<AuditPage>;
};

export function createClient(options: ClientOptions = {}): MillraceClient {
  const transport: Transport = {
    url: (options.url ?? '').replace(/\/+$/, ''),
    fetch: withKey(options.fetch ?? ((input, init) => fetch(input, init)), options.key),
  };
  const get = <T>(path: string, call: CallOptions = {}): Promise<T> => json<T>(transport, path, call);
  const post = <T>(path: string, body: unknown, call: CallOptions = {}): Promise<T> =>
    json<T>(transport, path, {...call, body});
  const of = (model: string) => `/api/models/${encodeURIComponent(model)}`;
  const repository = async (model: string, act: 'load' | 'unload', call: CallOptions = {}): Promise<void> => {
    await send(transport, `/v2/repository/models/${encodeURIComponent(model)}/${act}`, {...call, method: 'POST'});
  };
  const incident = (id: string) => `/api/incidents/${encodeURIComponent(id)}`;
  const ofStream = (stream: string) => `/api/streams/${encodeURIComponent(stream)}`;

  return {
    overview: call => get('/api/overview', call),
    models: call => get('/api/models', call),
    model: (model, call) => get(of(model), call),
    version: (model, version, call) => get(`${of(model)}/versions/${version}`, call),
    windows: (model, query, call) => get(pathWith(`${of(model)}/windows`, {...query}), call),
    distributions: (model, query, call) => get(pathWith(`${of(model)}/distributions`, {...query}), call),
    predictions: (model, query, call) => get(pathWith(`${of(model)}/predictions`, {...query}), call),
    consistency: (model, call) => get(`${of(model)}/consistency`, call),
    checkConsistency: (model, request, call) =>
      post(`/v1/models/${encodeURIComponent(model)}/consistency`, request ?? {}, call),
    alerts: call => get('/api/alerts', call),
    incidents: (query, call) => get(pathWith('/api/incidents', {...query}), call),
    incident: (id, call) => get(incident(id), call),
    acknowledge: (id, request, call) => post(`${incident(id)}/acknowledge`, request ?? {}, call),
    judge: (id, request, call) => post(`${incident(id)}/feedback`, request, call),
    slos: call => get('/api/slos', call),
    alertPrecision: call => get('/api/alert-precision', call),
    silences: call => get('/api/silences', call),
    silence: (request, call) => post('/api/silences', request, call),
    unsilence: (id, call = {}) =>
      json<Silence>(transport, `/api/silences/${encodeURIComponent(id)}`, {...call, method: 'DELETE'}),
    deliveries: (query, call) => get(pathWith('/api/deliveries', {...query}), call),
    channels: call => get('/api/channels', call),
    testChannel: (name, call) => post(`/api/channels/${encodeURIComponent(name)}/test`, {}, call),
    retrains: call => get('/api/retrains', call),
    features: (query, call) => get(pathWith('/api/features', {...query}), call),
    feature: (name, call) => get(`/api/features/${encodeURIComponent(name)}`, call),
    lineage: (feature, call) => get(`/api/features/${encodeURIComponent(feature)}/lineage`, call),
    definitions: call => get('/api/definitions', call),
    definitionDiff: (name, query, call) =>
      get(pathWith(`/api/definitions/${encodeURIComponent(name)}/diff`, {...query}), call),
    streams: call => get('/api/streams', call),
    quarantine: (stream, query, call) => get(pathWith(`${ofStream(stream)}/quarantine`, {...query}), call),
    replayQuarantine: (stream, call) => post(`${ofStream(stream)}/quarantine/replay`, {}, call),
    summary: call => get('/api/summary', call),
    readFeatures: (set, request, call) => post(`/v1/features/${encodeURIComponent(set)}/read`, request, call),
    why: (set, request, call) => post(`/v1/features/${encodeURIComponent(set)}/why`, request, call),
    rank: (model, request, call) => post(`/v1/models/${encodeURIComponent(model)}/rank`, request, call),
    feedback: (model, request, call) => post(`/v1/models/${encodeURIComponent(model)}/feedback`, request, call),
    serving: call => get('/api/serving', call),
    reviews: (model, query, call) => get(pathWith(`${of(model)}/reviews`, {...query}), call),
    decide: (model, review, call) => post(`${of(model)}/reviews`, review, call),
    deploy: (model, request, call) => post(`${of(model)}/deploy`, request ?? {}, call),
    retrain: (model, request, call) => post(`${of(model)}/retrain`, request ?? {}, call),
    loadModel: (model, call) => repository(model, 'load', call),
    unloadModel: (model, call) => repository(model, 'unload', call),
    predict: (model, request, call) => post(`/v1/models/${encodeURIComponent(model)}/predict`, request, call),
    pushEvents: (stream, events, call) => post(`/v1/events/${encodeURIComponent(stream)}`, {events}, call),
    live: live => subscribe(transport, live),
    keys: call => get('/api/admin/keys', call),
    createKey: (request, call) => post('/api/admin/keys', request, call),
    revokeKey: (id, call = {}) =>
      json<ApiKey>(transport, `/api/admin/keys/${encodeURIComponent(id)}`, {...call, method: 'DELETE'}),
    audit: (query, call) => get(pathWith('/api/admin/audit', {...query}), call),
  };
}
