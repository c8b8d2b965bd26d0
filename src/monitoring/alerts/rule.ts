import type {Alert, MonitorWindow} from '../../protocol/index.ts';
import type {MonitorPolicy, Persistence} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type AlertState, countOf, type Reading, stateOf} from './persistence.ts';

/** What a rule sees. `windows` ends with the one being judged, oldest first; `all` goes back further. */
export type RuleContext = {
  readonly policy: MonitorPolicy;
  readonly profile: TrainingProfile;
  readonly windows: readonly MonitorWindow[];
  readonly all: readonly MonitorWindow[];
  /** Alerts that are not resolved. */
  readonly open: readonly Alert[];
  /** What each feature alone changes in the estimated performance of the newest window; empty where that is not estimated. */
  readonly estimatedChanges: ReadonlyMap<string, number>;
};

/** A rule's answer about the newest window: the alert's words and figures, were it to open. */
export type Judgement = Pick<Alert, 'kind' | 'severity' | 'subject' | 'measured' | 'threshold' | 'title' | 'message'> &
  Pick<Alert, 'features'> & {
    readonly state: AlertState;
    /** The open alert that it is about, null for a new one; that of its kind and subject, unless told. */
    readonly about?: Alert | null;
  };

/** Null when the policy has no such rule, or the newest window cannot tell. */
export type AlertRule = (context: RuleContext) => Judgement | null;

/** A rule that judges several things, each with an alert of its own. */
export type AlertRules = (context: RuleContext) => readonly Judgement[];

/** State of a rule with one reading per window, and how often it was bad, in words. */
export function persisted(
  windows: readonly MonitorWindow[],
  persistence: Persistence,
  read: (window: MonitorWindow, index: number) => Reading,
): {state: AlertState; often: string} {
  const first = Math.max(0, windows.length - persistence.n);
  const readings = windows.slice(first).map((window, i) => read(window, first + i));
  return {state: stateOf(readings, persistence), often: oftenOf(readings)};
}

/** `, in 2 of the last 3 windows`; nothing when only one was looked at. */
export function oftenOf(readings: readonly Reading[]): string {
  return readings.length === 1 ? '' : `, in ${countOf('bad', readings)} of the last ${readings.length} windows`;
}
