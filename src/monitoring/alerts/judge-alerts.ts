/** The policy applied to a window: which alerts open, which resolve. A pure function from records to records. */

import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {calibrationRule} from './calibration-rule.ts';
import {featureDriftRule, predictionDriftRule} from './drift-rules.ts';
import {performanceRule} from './performance-rule.ts';
import type {AlertRule, Judgement} from './rule.ts';
import {errorRule, latencyRule, volumeRule} from './traffic-rules.ts';

export type AlertInput = {
  readonly policy: MonitorPolicy;
  /** The window that just closed (performance is null), or that was just scored. */
  readonly window: MonitorWindow;
  /** Of the version in charge: its test figures and feature importances. */
  readonly profile: TrainingProfile;
  /** Alerts of this model that are not resolved. */
  readonly open: readonly Alert[];
  /** Earlier windows of this model, in any order; 20 suffice for the default policy. */
  readonly history: readonly MonitorWindow[];
  /** Now (UTC ms). */
  readonly at: number;
};

export type AlertChanges = {readonly opened: readonly Alert[]; readonly resolved: readonly Alert[]};

const RULES_AT_CLOSE: readonly AlertRule[] = [
  errorRule,
  volumeRule,
  featureDriftRule,
  predictionDriftRule,
  latencyRule,
];
const RULES_WHEN_SCORED: readonly AlertRule[] = [performanceRule, calibrationRule];

/**
 * To be called twice per window: when it closes, for the rules that need no labels, and when it is scored,
 * for performance and calibration. There is at most one open alert per kind and subject. Ids are made of
 * model, kind, subject and window, so that judging twice gives the same alert.
 */
export function judgeAlerts({policy, window, profile, open, history, at}: AlertInput): AlertChanges {
  const windows = [
    ...history.filter(({from, id}) => from < window.from && id !== window.id).sort((a, b) => a.from - b.from),
    window,
  ];
  const rules = window.performance === null ? RULES_AT_CLOSE : RULES_WHEN_SCORED;
  const opened: Alert[] = [];
  const resolved: Alert[] = [];
  for (const rule of rules) {
    const judgement = rule({policy, profile, windows});
    if (!judgement) continue;
    const existing = open.find(({kind, subject}) => kind === judgement.kind && subject === judgement.subject);
    if (judgement.state === 'firing' && !existing) opened.push(alertOf(judgement, window, at));
    if (judgement.state === 'clear' && existing) resolved.push({...existing, resolvedAt: at});
  }
  return {opened, resolved};
}

function alertOf({state: _, ...alert}: Judgement, window: MonitorWindow, at: number): Alert {
  return {
    id: `${window.model}:${alert.kind}:${alert.subject}@${new Date(window.from).toISOString()}`,
    model: window.model,
    ...alert,
    openedAt: at,
    resolvedAt: null,
    windowId: window.id,
    action: null,
  };
}
