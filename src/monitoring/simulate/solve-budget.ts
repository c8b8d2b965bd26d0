import type {MonitorWindow} from '../../protocol/index.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';
import {type PolicyReplay, replayPolicy} from './replay-policy.ts';

/** Alerts that a team is willing to look at. */
export type AlertBudget = {readonly pagesPerWeek: number; readonly ticketsPerWeek: number};

export type SolvedBudget = {
  readonly policy: MonitorPolicy;
  /** What the history says of it. */
  readonly replay: PolicyReplay;
  /** Whether it keeps to the budget on this history. */
  readonly kept: boolean;
};

const WEEK = 7 * 86_400_000;
/** Factors that thresholds are made laxer by: 1 is the policy as it is, 200 is so lax that it hardly says anything. */
const STEPS = 80;
const MOST = 200;

/**
 * The strictest policy that keeps to the budget on the history: floors of drift and allowed drops of performance made
 * laxer by one factor each, tickets first, then pages. Thresholds never become stricter than the policy's own.
 *
 * A replayed history tells what would have been, not what will be: with a few weeks of it the answer is rough, and
 * weeks with real trouble in them make it too lax. Throws a RangeError with less than a week of windows.
 */
export function solveBudget(
  policy: MonitorPolicy,
  budget: AlertBudget,
  windows: readonly MonitorWindow[],
  profile: TrainingProfile,
): SolvedBudget {
  const of = (replay: PolicyReplay, severity: 'page' | 'ticket') =>
    (replay.alerts.filter(alert => alert.severity === severity).length * WEEK) / (replay.to - replay.from);
  if (windows.length === 0 || replayPolicy(policy, windows, profile).to - windows[0]!.from < WEEK)
    throw new RangeError('a budget needs a week of windows to be replayed');
  const tickets = laxest(factor => {
    const replay = replayPolicy(withFloors(policy, factor), windows, profile);
    return of(replay, 'ticket') <= budget.ticketsPerWeek;
  });
  const calmer = withFloors(policy, tickets);
  const pages = laxest(factor => {
    const replay = replayPolicy(withDrops(calmer, factor), windows, profile);
    return of(replay, 'page') <= budget.pagesPerWeek;
  });
  const solved = withDrops(calmer, pages);
  const replay = replayPolicy(solved, windows, profile);
  return {
    policy: solved,
    replay,
    kept: of(replay, 'ticket') <= budget.ticketsPerWeek && of(replay, 'page') <= budget.pagesPerWeek,
  };
}

/** The least factor that keeps, or the largest. Counts need not fall evenly with it, so that all steps are tried. */
function laxest(keeps: (factor: number) => boolean): number {
  for (let step = 0; step < STEPS; step++) {
    const factor = MOST ** (step / (STEPS - 1));
    if (keeps(factor)) return factor;
  }
  return MOST;
}

const rounded = (value: number): number => Number(value.toPrecision(3));

function withFloors(policy: MonitorPolicy, factor: number): MonitorPolicy {
  const {drift, predictionDrift} = policy;
  return {
    ...policy,
    drift: drift && {...drift, effect: rounded(drift.effect * factor)},
    predictionDrift: predictionDrift && {...predictionDrift, effect: rounded(predictionDrift.effect * factor)},
  };
}

function withDrops(policy: MonitorPolicy, factor: number): MonitorPolicy {
  const {performance, calibration} = policy;
  return {
    ...policy,
    performance: performance && {...performance, drop: rounded(performance.drop * factor)},
    calibration: calibration && {
      ...calibration,
      ratio: [rounded(calibration.ratio[0] ** factor), rounded(calibration.ratio[1] ** factor)],
    },
  };
}
