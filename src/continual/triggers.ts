/**
 * Whether to retrain now: a pure function of the policy and of what is known. Triggers are looked at in the
 * order of what they say about harm: measured performance, calibration, drift, and last the calendar.
 */
import {type Alert, type AlertKind, formatDuration, type Retrain, type TriggerKind} from '../protocol/index.ts';
import type {RetrainPolicy} from './retrain-policy.ts';

/** What stands at the moment of judgement; times in UTC ms. */
export type Situation = {
  readonly now: number;
  /** When the last training (by hand or by a trigger) took place. */
  readonly lastTrainedAt: number;
  /** When a trigger last fired; null if none ever did. */
  readonly lastFiredAt: number | null;
  /** Alerts of this model; resolved ones are ignored. */
  readonly openAlerts: readonly Alert[];
  /** A retrain of this model has not finished yet. */
  readonly running: boolean;
};

export type Trigger = Retrain['trigger'];

/** The trigger that fires, or null. The same situation always gives the same answer, whatever the order of its alerts. */
export function judgeTriggers(policy: RetrainPolicy, situation: Situation): Trigger | null {
  const {now, lastTrainedAt, lastFiredAt, openAlerts, running} = situation;
  if (running) return null;
  if (now - Math.max(lastTrainedAt, lastFiredAt ?? Number.NEGATIVE_INFINITY) < policy.cooldownMs) return null;

  const open = openAlerts
    .filter(alert => alert.resolvedAt === null && alert.openedAt <= now)
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
  const of = (...kinds: AlertKind[]) => open.filter(alert => kinds.includes(alert.kind));

  if (policy.on.performance) {
    const [first] = of('performance');
    if (first) return fired('performance', first, first.title);
  }
  if (policy.on.calibration) {
    const [first] = of('calibration');
    if (first) return fired('calibration', first, first.title);
  }
  if (policy.on.driftAlerts !== null) {
    const drifted = of('drift', 'prediction-drift');
    const [first] = drifted;
    if (first && drifted.length >= policy.on.driftAlerts)
      return fired('drift', first, `${drifted.length} drifted: ${drifted.map(alert => alert.subject).join(', ')}`);
  }
  const age = now - lastTrainedAt;
  if (policy.atLatestMs !== null && age >= policy.atLatestMs)
    return {
      kind: 'schedule',
      reason: `${formatDuration(age)} since the last training; at latest ${formatDuration(policy.atLatestMs)}`,
      alertId: null,
    };
  return null;
}

const fired = (kind: TriggerKind, {id}: Alert, reason: string): Trigger => ({kind, reason, alertId: id});
