export {AuditLog, bitsOf, OPEN, type Principal, RateLimited} from '../access/index.ts';
export {
  diffSchemas,
  discardQuarantined,
  freezeSchema,
  type InferredSchema,
  type IngestReport,
  schemaText,
  thawSchema,
} from '../events/index.ts';
export {type FeaturePlan, printPlan} from '../features/index.ts';
export {
  DRIFT_MEASURES,
  type DriftMeasure,
  describeNotifications,
  htmlReport,
  type Picture,
  reportFigure,
  reportSpan,
  suggestionsText,
  type TableReport,
} from '../monitoring/index.ts';
export {modelCard} from '../registry/index.ts';
export type {
  InferAnswer,
  InferRequest,
  ModelRepository,
  RepositoryEntry,
  Run,
  ServedPrediction,
  TensorModel,
} from '../serving/index.ts';
export {Access, type AccessOptions, createKey, revokeKey} from './access/access.ts';
export {type AccessRecords, accessRecords, openAccessRecords} from './access/access-records.ts';
export {auditRetrain} from './access/audit-retrain.ts';
export {authorizeMetadata} from './access/authorize-metadata.ts';
export {isLoopback, requireGuard} from './access/guarded-address.ts';
export {promoteBy} from './access/promote.ts';
export {THE_POLICY, whoAsked, whoTypes} from './access/who.ts';
export type {BatchOptions} from './batch/begin-run.ts';
export type {BatchManifest} from './batch/manifest.ts';
export type {RequestSource} from './batch/requests.ts';
export {type BatchResult, runBatch} from './batch/run-batch.ts';
export {Catalogue, featureSetOf, viewsOf} from './catalogue/catalogue.ts';
export {FeatureCatalogue} from './catalogue/feature-catalogue.ts';
export {featureCatalogue} from './catalogue/feature-records.ts';
export {recordDefinitions} from './catalogue/record-definitions.ts';
export {reviveView, type StoredView, storeView} from './catalogue/stored-view.ts';
export type {Finding} from './check/check.ts';
export {checkProject, PROJECT_RULES} from './check/check-project.ts';
export {
  compressOnnx,
  type OnnxCompressionReport,
  type OnnxMethod,
  onnxMethods,
} from './compress/compress-onnx.ts';
export {type Compression, compressVersion} from './compress/compress-version.ts';
export type {CompressionReport} from './compress/compression-report.ts';
export {distil, type Teacher} from './compress/distil.ts';
export {
  COMPRESSION_METHODS,
  type CompressionMethod,
  compressionMethods,
  type MethodOptions,
} from './compress/method.ts';
export {type NumberRows, readNumberRows} from './compress/read-rows.ts';
export {type ConsistencyOptions, checkConsistency} from './consistency/check-consistency.ts';
export {ConsistencyRuns} from './consistency/consistency-runs.ts';
export {type ConsistencyPolicy, consistencyPolicy} from './consistency/policy.ts';
export {startConsistency} from './consistency/start-consistency.ts';
export {
  type EntityStream,
  entityValues,
  findEntityNamed,
  streamsOf,
} from './data/entity-streams.ts';
export {type Erasure, type ErasureRecord, eraseEverywhere, erasures, findEverywhere} from './data/erase-everywhere.ts';
export {FILE_FORMATS, type FileFormat, inferFiles} from './data/infer-files.ts';
export {type LogNeed, logNeeds} from './data/log-needs.ts';
export {type LogPlan, planTruncation, type Truncation, truncateLog} from './data/log-retention.ts';
export type {MadeFrom} from './data/made-from.ts';
export {QuarantineCounts, type WaitingCounts} from './data/quarantine-counts.ts';
export {quarantinePage} from './data/quarantine-page.ts';
export {replayWaiting} from './data/replay-quarantine.ts';
export {streamDetails} from './data/stream-details.ts';
export {policyOf} from './definitions/describe.ts';
export {type ModelDefinition, model} from './definitions/model.ts';
export {type ExportOptions, type ExportReport, exportModel} from './export/export-model.ts';
export {EXPORT_TARGETS} from './export/target.ts';
export {versionToExport} from './export/version-to-export.ts';
export {FeatureReplica} from './features/feature-replica.ts';
export {materialiseDays, planFeatures} from './features/plan-features.ts';
export {readFeatures} from './features/read-features.ts';
export {RefreshedViews, type RefreshStatus} from './features/refreshed-views.ts';
export {whyValue} from './features/why-value.ts';
export {Host} from './host/host.ts';
export {monitoredWindows} from './host/monitored-windows.ts';
export {modelDetail, overview} from './host/overview.ts';
export {servingStatus} from './host/serving.ts';
export type {StageObserver, StageProgress} from './host/stages.ts';
export {Stages} from './host/stages.ts';
export {runSummary} from './host/summary.ts';
export type {AnsweredRows} from './imported/answered-rows.ts';
export {type ImportedModelDefinition, importedModel} from './imported/imported-model.ts';
export {ImportedModels, type ImportedModelsOptions} from './imported/imported-models.ts';
export {ImportedServing} from './imported/imported-serving.ts';
export {ImportedTensorModel} from './imported/imported-tensor-model.ts';
export {type ImportedVersion, importedVersions} from './imported/imported-versions.ts';
export {predictInstances} from './imported/predict-instances.ts';
export {IncidentDesk, type IncidentQuery} from './incidents/incident-desk.ts';
export {openDesk, type Telling} from './incidents/open-desk.ts';
export {silenceState} from './incidents/silence-request.ts';
export {type Answering, answerInstances} from './live/answer.ts';
export {deployable} from './live/deployable.ts';
export {takeFeedback} from './live/feedback.ts';
export {Followers} from './live/followers.ts';
export {keepCheckpointing} from './live/keep-checkpointing.ts';
export {keepFlushing} from './live/keep-flushing.ts';
export type {LiveModel} from './live/live-model.ts';
export {LivePlatform} from './live/live-platform.ts';
export {rankCandidates} from './live/rank.ts';
export {featureObject} from './live/recent-predictions.ts';
export {viewsInUse} from './live/views-in-use.ts';
export {clientCode} from './openapi/client-code.ts';
export {type OpenApi, openApi} from './openapi/open-api.ts';
export {loadProject} from './project/load.ts';
export {collectProject, findModel, findSource, type Project} from './project/project.ts';
export {QualityWatch} from './quality/quality-watch.ts';
export {personalColumns, servedColumns} from './quality/served-columns.ts';
export {type SuggestedChecks, suggestForVersion} from './quality/suggest-for-version.ts';
export {type QuickstartOptions, quickstart} from './quickstart/quickstart.ts';
export {type ReplayOptions, type ReplayProgress, replay} from './replay/replay.ts';
export {type FileReportOptions, reportFiles} from './report/report-files.ts';
export {openFeatureCopy} from './runtime/feature-copy.ts';
export {ingestHistory, prepareSources, sourceFolder} from './runtime/history.ts';
export {dataFolder, type OpenOptions, openRuntime} from './runtime/open.ts';
export type {Runtime} from './runtime/runtime.ts';
export {
  type AlertSimulation,
  type CleanOptions,
  LEAST_HISTORY,
  simulateClean,
  simulateHistory,
} from './simulate/simulate-alerts.ts';
export {
  LOG_FORMATS,
  LOG_LEVELS,
  type Log,
  type LogFormat,
  type LogLevel,
  type LogOptions,
  type LogTarget,
  openLog,
} from './telemetry/log.ts';
export {openTracing} from './telemetry/open-tracing.ts';
export {parseTraceparent, type TraceContext} from './telemetry/trace-context.ts';
export type {RequestTrace, SpanFields, Tracing} from './telemetry/tracing.ts';
export {WatchedFeatures} from './telemetry/watched-features.ts';
export {type BuildVersionOptions, buildVersion} from './train/build-version.ts';
export {type TrainingSetOptions, trainingSetOf, writeTrainingSet} from './train/training-set.ts';
export type {AnsweredRequest, Leader, ToLeader, ToWorker, WorkerStart} from './workers/messages.ts';
export {ReportSender} from './workers/report-sender.ts';
export {AnswerElsewhere, type WorkerModel} from './workers/worker-model.ts';
export {WorkerPlatform} from './workers/worker-platform.ts';
export {WorkerPool, type WorkerPoolOptions} from './workers/worker-pool.ts';
