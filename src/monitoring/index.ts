export {type AlertChanges, type AlertInput, judgeAlerts} from './alerts/judge-alerts.ts';
export {describeMonitorPolicy} from './describe-policy.ts';
export {DRIFT_DEFAULTS, type DriftSettings} from './drift.ts';
export {type MonitorPolicy, type MonitorPolicyInput, monitorPolicy, type Persistence} from './policy.ts';
export {type LabelledPredictions, scoreWindow} from './score-window.ts';
export {
  buildTrainingProfile,
  type CategoricalProfile,
  type FeatureProfile,
  type NumericProfile,
  type ProfiledFeature,
  type ProfileInput,
  type TrainingProfile,
} from './training-profile.ts';
export type {FeatureVector} from './window-counts.ts';
export {type ClosedWindow, WindowMonitor, type WindowMonitorState} from './window-monitor.ts';
