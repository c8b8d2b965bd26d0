export {type AlertChanges, type AlertInput, judgeAlerts} from './alerts/judge-alerts.ts';
export {DRIFT_DEFAULTS, type DriftSettings} from './drift/drift-reports.ts';
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
export {type LabelledPredictions, scoreWindow} from './windows/score-window.ts';
export type {FeatureVector} from './windows/window-counts.ts';
export {type ClosedWindow, WindowMonitor, type WindowMonitorState} from './windows/window-monitor.ts';
