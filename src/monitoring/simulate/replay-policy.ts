/** What a policy would have said of windows that have been: before anybody is told anything. */

import type {Alert, DriftReport, MonitorWindow} from '../../protocol/index.ts';
import {judgeAlerts} from '../alerts/judge-alerts.ts';
import {lookBack} from '../alerts/look-back.ts';
import {DRIFT_DEFAULTS, type DriftSettings} from '../drift/drift-settings.ts';
import type {MonitorPolicy} from '../policy/monitor-policy.ts';
import type {TrainingProfile} from '../profiles/training-profile.ts';

export type PolicyReplay = {
  /** All alerts, by the time they opened; `resolvedAt` is null for those still open at the end. */
  readonly alerts: readonly Alert[];
  readonly windows: number;
  readonly from: number;
  readonly to: number;
};

/**
 * Judges the windows in their order, each when it closed and again when it was scored, with the verdicts of drift made
 * anew: effects and p-values are those recorded, floors and rates those of the policy.
 *
 * The windows are of one model, in any order; `profile` is of the version in charge.
 */
export function replayPolicy(
  policy: MonitorPolicy,
  windows: readonly MonitorWindow[],
  profile: TrainingProfile,
): PolicyReplay {
  const inOrder = [...windows].sort((a, b) => a.from - b.from).map(window => judgedAnew(window, policy));
  const moments = inOrder
    .flatMap((window, place) => [
      {at: window.to, place, window: {...window, performance: null}},
      ...(window.performance ? [{at: Math.max(window.to, window.performance.scoredAt), place, window}] : []),
    ])
    .sort((a, b) => a.at - b.at);
  /** As they were when last judged. */
  const known: MonitorWindow[] = [];
  const alerts = new Map<string, Alert>();
  const open = new Map<string, Alert>();
  for (const {at, place, window} of moments) {
    const history = known.slice(Math.max(0, place - lookBack(policy)), place);
    const {opened, resolved, updated} = judgeAlerts({policy, window, profile, open: [...open.values()], history, at});
    for (const alert of [...opened, ...updated, ...resolved]) alerts.set(alert.id, alert);
    for (const alert of [...opened, ...updated]) open.set(alert.id, alert);
    for (const {id} of resolved) open.delete(id);
    known[place] = window;
  }
  return {
    alerts: [...alerts.values()].sort((a, b) => a.openedAt - b.openedAt),
    windows: inOrder.length,
    from: inOrder[0]?.from ?? 0,
    to: inOrder.at(-1)?.to ?? 0,
  };
}

function judgedAnew(window: MonitorWindow, {drift, predictionDrift}: MonitorPolicy): MonitorWindow {
  const {effect, alpha, minRows, except}: DriftSettings = drift ?? {
    ...DRIFT_DEFAULTS,
    effect: Number.POSITIVE_INFINITY,
  };
  const verdict = (report: DriftReport, floor: number): DriftReport => {
    const enough = minRows === null ? report.verdict !== 'insufficient data' : report.rows >= minRows;
    if (!enough && !report.severe) return {...report, verdict: 'insufficient data'};
    const drifts = report.pValue <= alpha && report.effect >= floor;
    // What a higher floor allows is severe no more.
    return {...report, verdict: drifts ? 'drift' : 'stable', ...(report.severe ? {severe: drifts} : {})};
  };
  const all = (reports: readonly DriftReport[]) =>
    reports.filter(({subject}) => !except.includes(subject)).map(report => verdict(report, effect));
  return {
    ...window,
    drift: all(window.drift),
    prediction: verdict(window.prediction, predictionDrift?.effect ?? Number.POSITIVE_INFINITY),
    ...(window.inputs ? {inputs: all(window.inputs)} : {}),
    ...(window.longer ? {longer: window.longer.map(span => ({...span, drift: all(span.drift)}))} : {}),
    ...(window.slices ? {slices: window.slices.map(slice => ({...slice, drift: all(slice.drift)}))} : {}),
  };
}
