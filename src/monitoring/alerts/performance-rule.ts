import type {Metrics, MonitorWindow} from '../../protocol/index.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {figure, wholeNumber, windowWords} from './words.ts';

/**
 * Pages when the AUC of the version in charge, its 95 % interval included, lies below the AUC on its test
 * split less the allowed drop. Windows of other versions do not count.
 */
export const performanceRule: AlertRule = ({policy, profile, windows}) => {
  const rule = policy.performance;
  const tested = profile.test.auc;
  const current = windows.at(-1)!;
  const metrics = metricsOfVersion(current, profile.version, policy.minLabelled);
  if (!rule || tested === null || !metrics || metrics.auc === null) return null;

  const threshold = tested - rule.drop;
  const read = (window: MonitorWindow): Reading => {
    const own = metricsOfVersion(window, profile.version, policy.minLabelled);
    if (!own || own.auc === null || own.aucHigh === null) return 'nothing';
    if (own.aucHigh < threshold) return 'bad';
    return own.auc >= threshold + policy.hysteresis * rule.drop ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  const interval = metrics.aucLow === null ? '' : ` [${figure(metrics.aucLow)}, ${figure(metrics.aucHigh!)}]`;
  return {
    kind: 'performance',
    severity: 'page',
    subject: 'auc',
    state,
    measured: metrics.auc,
    threshold,
    title: `AUC ${metrics.auc.toFixed(3)}, tested at ${tested.toFixed(3)}`,
    message: `AUC ${figure(metrics.auc)}${interval} of version ${profile.version} on ${windowWords(current, policy.zone)} (${wholeNumber(metrics.rows)} labelled predictions), below ${figure(threshold)} = test ${figure(tested)} − ${rule.drop}${often}.`,
  };
};

/** Metrics of one version in a scored window; null with too few labelled rows. */
export function metricsOfVersion(window: MonitorWindow, version: number, minLabelled: number): Metrics | null {
  const metrics = window.performance?.byVersion.find(entry => entry.version === version)?.metrics;
  return metrics && metrics.rows >= minLabelled ? metrics : null;
}
