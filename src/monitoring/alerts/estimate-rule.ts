import type {MonitorWindow} from '../../protocol/index.ts';
import type {Reading} from './persistence.ts';
import {type AlertRule, persisted} from './rule.ts';
import {figure, wholeNumber, windowWords} from './words.ts';

/**
 * Pages when the estimated AUC, its 95 % interval included, lies below that of the test split less the allowed drop of
 * the performance rule: the same threshold, before labels come. Windows that were scored count by what was measured.
 */
export const estimateRule: AlertRule = ({policy, profile, windows}) => {
  const rule = policy.performance;
  const tested = profile.test.auc;
  const current = windows.at(-1)!;
  const estimate = current.estimate?.metrics.auc;
  if (!rule || !policy.estimate || tested === null || !estimate) return null;

  const threshold = tested - rule.drop;
  const read = (window: MonitorWindow): Reading => {
    const auc = window.estimate?.metrics.auc;
    const measured = window.performance?.byVersion.find(({version}) => version === profile.version)?.metrics;
    if (measured && measured.rows >= policy.minLabelled && measured.auc !== null && measured.aucHigh !== null)
      return readingOf(measured.auc, measured.aucHigh);
    return auc ? readingOf(auc.value, auc.high) : 'nothing';
  };
  const readingOf = (value: number, high: number): Reading => {
    if (high < threshold) return 'bad';
    return value >= threshold + policy.hysteresis * rule.drop ? 'good' : 'between';
  };
  const {state, often} = persisted(windows, rule.for, read);
  return {
    kind: 'estimate',
    severity: 'page',
    subject: 'auc',
    state,
    measured: estimate.value,
    threshold,
    title: `AUC estimated at ${estimate.value.toFixed(3)}, tested at ${tested.toFixed(3)}`,
    message: `Before labels came, AUC is estimated at ${figure(estimate.value)} [${figure(estimate.low)}, ${figure(estimate.high)}] on ${windowWords(current, policy.zone)} (from ${wholeNumber(current.estimate!.rows)} scores), below ${figure(threshold)} = test ${figure(tested)} − ${rule.drop}${often}. Labels will confirm or correct it.`,
  };
};
