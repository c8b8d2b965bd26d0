export {
  type ColumnData,
  type Columns,
  columnRows,
  type EventBatch,
  type PositionedBatch,
  positionAt,
  type Value,
  valueAt,
} from './columns.ts';
export {type ErrorCode, type ErrorOptions, MillraceError, nearest, type Problem, requireValid} from './errors.ts';
export {canonicalJson, type JsonValue} from './json.ts';
export {parseTime} from './parse-time.ts';
export {
  type ApiKey,
  type ApiKeyList,
  type ApiKeyRequest,
  type AuditAction,
  type AuditEntry,
  type AuditPage,
  type CreatedApiKey,
  type RateLimit,
  SCOPES,
  type Scope,
} from './records/access.ts';
export type {
  AnswerOptions,
  Distributions,
  Features,
  FeedbackRequest,
  LiveTick,
  ModelDetail,
  ModelSummary,
  Overview,
  PredictAnswer,
  Prediction,
  PredictionRecord,
  PredictRequest,
  PushAnswer,
  RankAnswer,
  RankRequest,
  Windows,
} from './records/api.ts';
export type {
  DefinitionChange,
  DefinitionDiff,
  DefinitionKind,
  DefinitionRecord,
  DefinitionUser,
  DefinitionVersion,
  DefinitionVersionRecord,
  FeatureDetail,
  FeatureReader,
  FeatureSetUse,
  Lineage,
  LineageEdge,
  LineageKind,
  LineageNode,
  ReadField,
} from './records/catalogue.ts';
export type {
  ConsistencyRequest,
  ConsistencyRun,
  FeatureSkew,
  SkewExample,
  SkewKind,
} from './records/consistency.ts';
export type {
  FollowerRecord,
  QuarantinePage,
  QuarantineReplay,
  QuarantineRow,
  StreamDetail,
} from './records/data.ts';
export type {
  CalibrationBin,
  CandidateReport,
  DatasetRecord,
  EvaluationReport,
  GateResult,
  LeakageFinding,
  Metrics,
  SliceReport,
  SplitReport,
} from './records/evaluation.ts';
export type {
  CheckAction,
  CheckCount,
  CheckKind,
  CheckStatus,
  FeatureAbout,
  FeatureRecord,
  StreamRecord,
} from './records/feature.ts';
export type {
  FeatureReadRequest,
  FeatureRows,
  ViewFreshness,
  WhyAnswer,
  WhyEvent,
  WhyRequest,
} from './records/feature-read.ts';
export type {
  AlertPrecision,
  Delivery,
  Incident,
  IncidentCause,
  IncidentDetail,
  Silence,
  SloStatus,
} from './records/incident.ts';
export type {
  FeatureUse,
  ModelVersion,
  ReleaseArm,
  ReleasePlan,
  VersionStatus,
  ViewPin,
} from './records/model-version.ts';
export type {
  Alert,
  AlertFeature,
  AlertKind,
  AlertSeverity,
  DriftReport,
  DriftVerdict,
  Estimate,
  FeatureHistogram,
  ImportanceDrift,
  LabelProgress,
  LongerSpan,
  LoopReport,
  MonitorWindow,
  MultivariateReport,
  PerformanceEstimate,
  QualityResult,
  Shift,
  SliceWindow,
  VersionWindow,
} from './records/monitoring.ts';
export type {Retrain, RetrainOutcome, RetrainStep, TriggerKind} from './records/retrain.ts';
export type {Review} from './records/review.ts';
export type {LevelRecord, ServingStatus} from './records/serving.ts';
export type {ConsistencyReport, FeatureConsistency, RunSummary, StageRecord} from './records/summary.ts';
export {
  type ColumnSpec,
  type ColumnsOf,
  columnSpecs,
  MAX_VECTOR_SIZE,
  type Row,
  type ScalarColumns,
  type Schema,
  type Type,
  type TypeName,
  t,
  vectorColumns,
} from './schema.ts';
export {
  DATATYPES,
  type Datatype,
  elementsOf,
  makeTensorData,
  type Tensor,
  type TensorData,
  type TensorSpec,
} from './tensor.ts';
export {
  type Clock,
  checkedDurationMs,
  type Duration,
  durationMs,
  formatDuration,
  ManualClock,
  wallClock,
} from './time.ts';
