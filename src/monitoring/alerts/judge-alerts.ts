/** The policy applied to a window: which alerts open, which resolve. A pure function from records to records. */

import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {qualityRules} from '../quality/quality-rule.ts';
import {calibrationRule} from './calibration-rule.ts';
import {conceptRule} from './concept-rule.ts';
import {featureDriftRules, predictionDriftRule} from './drift-rules.ts';
import {estimateRule} from './estimate-rule.ts';
import {inputDriftRules} from './input-drift-rule.ts';
import {RECENT} from './look-back.ts';
import {loopRule} from './loop-rule.ts';
import {multivariateRule} from './multivariate-rule.ts';
import {performanceRule} from './performance-rule.ts';
import type {AlertRule, AlertRules, Judgement, RuleContext} from './rule.ts';
import {errorRule, latencyRule, volumeRule} from './traffic-rules.ts';

export type AlertInput = {
  readonly policy: MonitorPolicy;
  /** The window that just closed (performance is null), or that was just scored. */
  readonly window: MonitorWindow;
  /** Of the version in charge: its test figures and feature importances. */
  readonly profile: TrainingProfile;
  /** Alerts of this model that are not resolved. */
  readonly open: readonly Alert[];
  /** Earlier windows of this model, in any order; as many as `lookBack` tells. */
  readonly history: readonly MonitorWindow[];
  /** Now (UTC ms). */
  readonly at: number;
  /** What each feature alone changes in the window's estimated performance; what its open alerts told, unless given. */
  readonly estimatedChanges?: ReadonlyMap<string, number>;
  /** Whether later windows were judged already: then only what this very window opened, or opens, changes. */
  readonly isPast?: boolean;
};

export type AlertChanges = {
  readonly opened: readonly Alert[];
  readonly resolved: readonly Alert[];
  /** Open alerts about this very window, whose figures have changed since; and tickets that name fewer features now. */
  readonly updated: readonly Alert[];
};

const each =
  (rule: AlertRule): AlertRules =>
  context => {
    const judgement = rule(context);
    return judgement ? [judgement] : [];
  };

/** Windows that were compared with the data of another version are no evidence against the one in charge. */
const ofVersion =
  (rules: AlertRules): AlertRules =>
  context => {
    const own = ({profile}: MonitorWindow) => profile === undefined || profile === context.profile.version;
    return own(context.windows.at(-1)!) ? rules({...context, windows: context.windows.filter(own)}) : [];
  };

const RULES_AT_CLOSE: readonly AlertRules[] = [
  each(errorRule),
  each(volumeRule),
  qualityRules,
  ofVersion(each(estimateRule)),
  ofVersion(featureDriftRules),
  ofVersion(inputDriftRules),
  ofVersion(each(predictionDriftRule)),
  ofVersion(each(multivariateRule)),
  each(latencyRule),
  each(loopRule),
];

/** Labels correct what was estimated; what they confirm is told by the rule for performance. */
const correcting =
  (rules: AlertRules): AlertRules =>
  context =>
    rules(context).filter(({state}) => state !== 'firing');

const RULES_WHEN_SCORED: readonly AlertRules[] = [
  each(performanceRule),
  each(calibrationRule),
  each(conceptRule),
  ofVersion(correcting(each(estimateRule))),
];

/**
 * To be called twice per window: when it closes, for the rules that need no labels, and when it is scored,
 * for performance and calibration, and to correct what was estimated. There is at most one open alert per kind and subject, but for drift: there each open
 * alert names features of its own. Ids are made of model, kind, subject and window, so that judging twice gives the
 * same alert.
 *
 * Judging a window again, because late labels or a late analysis changed it, raises what it now shows, and updates or
 * resolves what it had opened. What a later window opened is not its business.
 */
export function judgeAlerts(input: AlertInput): AlertChanges {
  const {
    policy,
    window,
    profile,
    open,
    history,
    at,
    estimatedChanges = changesTold(open, window),
    isPast = false,
  } = input;
  const all = [
    ...history.filter(({from, id}) => from < window.from && id !== window.id).sort((a, b) => a.from - b.from),
    window,
  ];
  const rules = window.performance === null ? RULES_AT_CLOSE : RULES_WHEN_SCORED;
  const windows = all.slice(-RECENT);
  const context: RuleContext = {policy, profile, windows, all, open, estimatedChanges};
  const opened: Alert[] = [];
  const resolved: Alert[] = [];
  const updated: Alert[] = [];
  for (const judgement of rules.flatMap(rule => rule(context))) {
    const {state, about} = judgement;
    const same = open.find(({kind, subject}) => kind === judgement.kind && subject === judgement.subject);
    const existing = about === undefined ? same : about;
    if (!existing) {
      if (state === 'firing') opened.push(alertOf(judgement, window, at));
      continue;
    }
    const isOwn = existing.windowId === window.id;
    // Ids of the windows of a model are in the order of time.
    if (!isOwn && (isPast || existing.windowId > window.id)) continue;
    if (state === 'clear' || (state !== 'firing' && isOwn)) resolved.push({...existing, resolvedAt: at});
    else if (isOwn ? existing.message !== judgement.message : about)
      updated.push({...existing, ...figuresOf(judgement)});
  }
  return {opened, resolved, updated};
}

function changesTold(open: readonly Alert[], {id}: MonitorWindow): ReadonlyMap<string, number> {
  const features = open.flatMap(({windowId, features = []}) => (windowId === id ? features : []));
  return new Map(
    features.flatMap(({feature, estimatedChange}) => (estimatedChange === null ? [] : [[feature, estimatedChange]])),
  );
}

const figuresOf = ({state: _, about: __, ...figures}: Judgement): Omit<Judgement, 'state' | 'about'> => figures;

function alertOf(judgement: Judgement, window: MonitorWindow, at: number): Alert {
  const alert = figuresOf(judgement);
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
