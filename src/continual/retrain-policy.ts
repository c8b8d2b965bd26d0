/** When a model is trained again, and on what: written down before anything runs, and never changed by it. */
import {checkedDurationMs, type Duration, formatDuration, type Problem, requireValid} from '../protocol/index.ts';

/** Frozen data; lengths of time in milliseconds. */
export type RetrainPolicy = {
  readonly kind: 'retrainPolicy';
  readonly on: {
    /** An open performance alert fires. */
    readonly performance: boolean;
    /** An open calibration alert fires. */
    readonly calibration: boolean;
    /** This many drift alerts open at once fire; null: drift never does. */
    readonly driftAlerts: number | null;
  };
  /** Fires this long after the last training even if nothing is wrong; null: never. */
  readonly atLatestMs: number | null;
  /** Nothing fires sooner than this after the last training or the last firing. */
  readonly cooldownMs: number;
  /** A training occupies this much time before its version exists: its data ends where it starts. */
  readonly takesMs: number;
  /** Length of the history to train on; null: all of it. */
  readonly windowMs: number | null;
  /** From nothing, or on from the champion (warm start). */
  readonly start: 'scratch' | 'champion';
};

export type RetrainPolicyOptions = {
  readonly on?: {
    readonly performance?: boolean;
    readonly calibration?: boolean;
    /** `true` is one alert; a number asks for that many open at once. Drift alone often costs nothing: off unless asked for. */
    readonly drift?: boolean | {readonly alerts: number};
  };
  readonly atLatest?: Duration;
  /** 7 days unless told otherwise. */
  readonly cooldown?: Duration;
  /** 1 hour unless told otherwise. */
  readonly takes?: Duration;
  /** `expanding` (the default): all history; a duration: that much of it, up to the firing. */
  readonly window?: 'expanding' | Duration;
  readonly start?: 'scratch' | 'champion';
};

/** Declares a policy. Throws DEFINITION_INVALID naming every problem at once. */
export function retrainPolicy(options: RetrainPolicyOptions): RetrainPolicy {
  const {on = {}, atLatest, cooldown = '7d', takes = '1h', window = 'expanding', start = 'scratch'} = options;
  const {performance = true, calibration = true, drift = false} = on;
  const problems: Problem[] = [];
  const ms = (path: string, duration: Duration) => checkedDurationMs(duration, path, problems);
  const driftAlerts = typeof drift === 'object' ? drift.alerts : drift ? 1 : null;
  if (driftAlerts !== null && !(Number.isInteger(driftAlerts) && driftAlerts >= 1))
    problems.push({path: 'on.drift.alerts', message: `Drift cannot fire on ${driftAlerts} alerts; 1 is the least.`});
  const policy: RetrainPolicy = {
    kind: 'retrainPolicy',
    on: Object.freeze({performance, calibration, driftAlerts}),
    atLatestMs: atLatest === undefined ? null : ms('atLatest', atLatest),
    cooldownMs: ms('cooldown', cooldown),
    takesMs: ms('takes', takes),
    windowMs: window === 'expanding' ? null : ms('window', window),
    start,
  };
  if (policy.atLatestMs !== null && policy.atLatestMs < policy.cooldownMs)
    problems.push({
      path: 'atLatest',
      message: `atLatest (${atLatest}) is shorter than the cooldown (${cooldown}), which would hold it back.`,
      fix: 'Make atLatest at least as long as the cooldown.',
    });
  if (policy.windowMs === 0) problems.push({path: 'window', message: 'A window of no length holds no training data.'});
  if (!performance && !calibration && driftAlerts === null && atLatest === undefined)
    problems.push({
      path: 'on',
      message: 'Nothing would ever fire: every trigger is off and atLatest is not set.',
      fix: 'Turn a trigger on, set atLatest, or leave the policy out.',
    });
  requireValid('The retrain policy', problems);
  return Object.freeze(policy);
}

/** The policy in plain sentences, in the order in which triggers are looked at. */
export function describeRetrainPolicy({on, atLatestMs, cooldownMs, takesMs, windowMs, start}: RetrainPolicy): string[] {
  const sentences: string[] = [];
  if (on.performance) sentences.push('Retrain when measured performance has raised an alert.');
  if (on.calibration) sentences.push('Retrain when calibration has raised an alert.');
  if (on.driftAlerts !== null)
    sentences.push(
      on.driftAlerts === 1
        ? 'Retrain when a feature or the prediction has drifted.'
        : `Retrain when at least ${on.driftAlerts} drift alerts are open at once.`,
    );
  if (atLatestMs !== null)
    sentences.push(`Retrain ${formatDuration(atLatestMs)} after the last training at the latest.`);
  if (cooldownMs > 0)
    sentences.push(`Nothing fires within ${formatDuration(cooldownMs)} of the last training or the last firing.`);
  sentences.push('One retrain runs at a time; it ends when its challenger is promoted or rejected.');
  sentences.push(
    `Train ${start === 'scratch' ? 'from scratch' : 'on from the champion'} on ${
      windowMs === null ? 'all history' : `the last ${formatDuration(windowMs)}`
    } known at the firing; the version exists ${formatDuration(takesMs)} later.`,
  );
  return sentences;
}

/** Bounds of the training data for a retrain fired at `firedAt`: [from, asOf), given where history begins (UTC ms). */
export function trainingRange(
  {windowMs}: RetrainPolicy,
  firedAt: number,
  historyFrom: number,
): {readonly from: number; readonly asOf: number} {
  return {from: windowMs === null ? historyFrom : Math.max(historyFrom, firedAt - windowMs), asOf: firedAt};
}
