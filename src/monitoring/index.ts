export {type AlertChanges, type AlertInput, judgeAlerts} from './alerts/judge-alerts.ts';
export {DRIFT_DEFAULTS, type DriftSettings} from './drift/drift-settings.ts';
export type {BinCounts, DriftPair} from './drift/cells.ts';
export {judgeDrift} from './drift/judge-drift.ts';
export type {EstimatePolicy, ValuePolicy} from './estimates/estimate-policy.ts';
export type {LoopPolicy} from './loops/loop-policy.ts';
export type {MultivariatePolicy} from './multivariate/multivariate-policy.ts';
export {describeMonitorPolicy} from './policy/describe-policy.ts';
export {type MonitorPolicy, type MonitorPolicyInput, monitorPolicy, type Persistence} from './policy/monitor-policy.ts';
export {
  buildTrainingProfile,
  type CategoricalProfile,
  type FeatureProfile,
  type NumericProfile,
  type ProfiledFeature,
  type ProfileInput,
  type TrainingProfile,
} from './profiles/training-profile.ts';
export {decodeReferenceRows, encodeReferenceRows, sampleReferenceRows} from './reference/reference-rows.ts';
export type {ReferencePolicy} from './windows/reference-policy.ts';
export type {ReferenceRows, RowSample} from './windows/row-sample.ts';
export {type LabelledPredictions, scoreWindow} from './windows/score-window.ts';
export type {FeatureVector} from './windows/window-counts.ts';
export {type ClosedWindow, WindowMonitor, type WindowMonitorState} from './windows/window-monitor.ts';
