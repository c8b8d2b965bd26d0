export {alertsWithoutRule} from './alerts/alerts-without-rule.ts';
export {importantFeatures} from './alerts/drift-rules.ts';
export {type AlertChanges, type AlertInput, judgeAlerts} from './alerts/judge-alerts.ts';
export {lookBack} from './alerts/look-back.ts';
export type {BinCounts, DriftPair} from './drift/cells.ts';
export {DRIFT_DEFAULTS, type DriftSettings} from './drift/drift-settings.ts';
export {judgeDrift} from './drift/judge-drift.ts';
export {learnedFloors} from './drift/learned-floors.ts';
export {changeByFeature, type FeatureChange, type FeatureChangeInput} from './estimates/change-by-feature.ts';
export {estimateMulticlass} from './estimates/estimate-multiclass.ts';
export {type EstimatedMetrics, type EstimateOptions, estimatePerformance} from './estimates/estimate-performance.ts';
export type {EstimatePolicy, ValuePolicy} from './estimates/estimate-policy.ts';
export {estimateWeighted, estimateWindow, type WindowEstimateInput} from './estimates/estimate-window.ts';
export {measuredMetrics} from './estimates/expected-metrics.ts';
export {estimateLabelShift, type LabelShift, type LabelShiftOptions} from './estimates/label-shift.ts';
export {
  estimateLoss,
  fitLossModel,
  type LossKind,
  type LossModel,
  type LossModelOptions,
} from './estimates/loss-model.ts';
export {MaturedScores, refreshCalibration} from './estimates/matured-scores.ts';
export {type CalibrationOptions, fitScoreCalibration, type ScoreCalibration} from './estimates/score-calibration.ts';
export {widenByRecord} from './estimates/track-record.ts';
export {alertPrecision} from './incidents/alert-precision.ts';
export type {Channel, Notice} from './incidents/channel.ts';
export {
  type ChannelDefinition,
  type FromEnvironment,
  logLines,
  type MailOptions,
  mail,
  slack,
  webhook,
} from './incidents/channel-definition.ts';
export {dueNotice, type NoticeEvent, type NoticeTiming, type Told} from './incidents/due-notice.ts';
export type {FeatureOrigin, Origins} from './incidents/feature-origin.ts';
export {type Filed, type FilingInput, fileAlerts, SAME_INCIDENT_MS} from './incidents/file-alerts.ts';
export type {IncidentContext} from './incidents/incident-context.ts';
export {withMessage} from './incidents/new-incident.ts';
export {
  channelsFor,
  describeNotifications,
  LOG_ONLY,
  type NotificationOptions,
  type Notifications,
  notifications,
  type RouteOverride,
  type Routes,
} from './incidents/notifications.ts';
export {GIVE_UP_MS, retryDelayMs} from './incidents/retry-delay.ts';
export {speakingAmong} from './incidents/settle-incident.ts';
export {fits, isActive, silenceOf} from './incidents/silencing.ts';
export {timeWords} from './incidents/summary.ts';
export {importanceDrift, type VersionImportance} from './loops/importance-drift.ts';
export {type ItemCount, ItemExposure, type ItemExposureState} from './loops/item-exposure.ts';
export type {LoopPolicy} from './loops/loop-policy.ts';
export {type LoopOptions, loopReport} from './loops/loop-report.ts';
export {type LoopTrend, type LoopTrendOptions, type LoopWindow, loopTrend} from './loops/loop-trend.ts';
export {type Popularity, type PopularityBucket, popularityOf} from './loops/popularity.ts';
export {type DomainProbabilities, domainProbabilities} from './multivariate/domain-classifier.ts';
export type {MultivariatePolicy} from './multivariate/multivariate-policy.ts';
export {type MultivariateOptions, multivariateReports} from './multivariate/multivariate-reports.ts';
export {describeMonitorPolicy} from './policy/describe-policy.ts';
export {type MonitorPolicy, type MonitorPolicyInput, monitorPolicy, type Persistence} from './policy/monitor-policy.ts';
export {
  type ComparedColumn,
  type CompareSettings,
  compareProfiles,
  type ProfileComparison,
  type SchemaChange,
} from './profiles/compare-profiles.ts';
export {DRIFT_MEASURES, type DriftMeasure, type Measured} from './profiles/measures.ts';
export {NumericSketch, type NumericSketchOptions, type NumericSketchState} from './profiles/numeric-sketch.ts';
export {deciles} from './profiles/profile-bins.ts';
export {
  type ColumnSketch,
  type ColumnType,
  mergeProfiles,
  type ProfiledColumn,
  TableProfile,
  type TableProfileState,
} from './profiles/table-profile.ts';
export {TextCounts} from './profiles/text-counts.ts';
export {TextSketch, type TextSketchState} from './profiles/text-sketch.ts';
export {
  buildTrainingProfile,
  type CategoricalProfile,
  type FeatureProfile,
  type NumericProfile,
  type ProfiledFeature,
  type ProfileInput,
  type SliceProfile,
  type TrainingProfile,
} from './profiles/training-profile.ts';
export {
  distinctIn,
  fallbackShare,
  finite,
  maximumIn,
  meanIn,
  medianIn,
  minimumIn,
  shareAbove,
  unseenShare,
  varies,
} from './quality/definitions/expectations.ts';
export type {
  QualityCheck,
  QualityCheckInput,
  QualityRule,
  ServedLevel,
  ServedOptions,
} from './quality/definitions/quality-check.ts';
export {served} from './quality/definitions/quality-check.ts';
export {inOrder, nullTogether, sameValue, sumOf} from './quality/definitions/relations.ts';
export {columnProblems, FALLBACK, PREDICTION, type ServedColumn} from './quality/definitions/served-columns.ts';
export {judgeQuality, type ServedValues} from './quality/judge-quality.ts';
export {QualityCounters, type QualityOptions} from './quality/quality-counters.ts';
export {type SuggestOptions, suggestChecks} from './quality/suggest/suggest-checks.ts';
export type {Suggestion} from './quality/suggest/suggestion.ts';
export {type Learned, suggestionsText} from './quality/suggest/suggestions-text.ts';
export type {KnownCategories} from './quality/tallies/compile-check.ts';
export type {ServedRow, ServedValue} from './quality/tallies/tally.ts';
export {decodeReferenceRows, encodeReferenceRows, sampleReferenceRows} from './reference/reference-rows.ts';
export {buildReport, type ReportedSide} from './report/build-report.ts';
export {htmlReport} from './report/html-report.ts';
export {reportedPerformance} from './report/performance.ts';
export {spanWords as reportSpan} from './report/span-words.ts';
export type {
  ColumnFigures,
  Figure,
  Picture,
  QualityFinding,
  ReportedColumn,
  ReportedPerformance,
  ReportedRows,
  TableReport,
} from './report/table-report.ts';
export {figure as reportFigure} from './report/words.ts';
export {
  type ConceptDetection,
  ConceptWatch,
  type ConceptWatchOptions,
  type ConceptWatchState,
  type MaturedOutcome,
} from './shifts/concept-watch.ts';
export {type MixFit, mixFit} from './shifts/mix-fit.ts';
export {nameShifts, type ShiftInput} from './shifts/name-shifts.ts';
export {
  OUTCOME_DEFAULTS,
  type OutcomeChange,
  type OutcomeSettings,
  outcomeChange,
  type ScoredLabels,
} from './shifts/outcome-change.ts';
export type {LabelShiftEvidence, OutcomeEvidence} from './shifts/outcome-shift.ts';
export {schemaChecks} from './shifts/schema-shift.ts';
export {type CleanWindows, cleanWindows} from './simulate/clean-windows.ts';
export {type ExpectedAlerts, expectedAlerts} from './simulate/expected-alerts.ts';
export {type PolicyReplay, replayPolicy} from './simulate/replay-policy.ts';
export {type AlertBudget, type SolvedBudget, solveBudget} from './simulate/solve-budget.ts';
export {type Counted, EventCounts, MINUTE_MS} from './slo/event-counts.ts';
export {judgeSlo, type SloInputs} from './slo/judge-slo.ts';
export {measureWords, type ServiceObjective, type SloInput, type SloMeasure, slo} from './slo/objective.ts';
export {sloStatus} from './slo/slo-status.ts';
export {type Calendar, type Span, seasonalSpans, windowOf} from './windows/calendar.ts';
export {
  type DescribedWindow,
  describeWindow,
  type SpanTallies,
  type WindowSurroundings,
  windowId,
} from './windows/describe-window.ts';
export type {ReferencePolicy} from './windows/reference-policy.ts';
export type {ReferenceRows, RowSample} from './windows/row-sample.ts';
export {type LabelledPredictions, scoreWindow} from './windows/score-window.ts';
export {profileSlices, type SplitRows, sliceReader, sliceValues} from './windows/slices.ts';
export {mergeRecords, recordTallies, type TalliesRecord, talliesOf} from './windows/tallies.ts';
export {type FeatureVector, type RequestValues, type Tallies, WindowBins} from './windows/window-bins.ts';
export {type ClosedWindow, WindowMonitor, type WindowMonitorOptions} from './windows/window-monitor.ts';
