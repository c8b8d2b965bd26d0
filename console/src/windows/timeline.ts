/** What all charts over windows share: their x axis, what is immature, and what happened when. */
import type {Incident, ModelDetail, ModelVersion, MonitorWindow, ReleasePlan} from 'millrace/protocol';
import type {Mark} from '../charts/time-chart-types.ts';

export const middle = (window: MonitorWindow): number => (window.from + window.to) / 2;

export function extentOf(windows: readonly MonitorWindow[]): {from: number; to: number} {
  return {from: windows[0]?.from ?? 0, to: windows.at(-1)?.to ?? 1};
}

/** From the end of the last window with mature labels on; null while everything is mature. */
export function immatureOf(windows: readonly MonitorWindow[]): {from: number; to: number; label: string} | null {
  const first = windows.findLastIndex(window => window.performance !== null) + 1;
  const window = windows[first];
  return window ? {from: window.from, to: windows.at(-1)?.to ?? window.to, label: 'labels not complete'} : null;
}

const championOf = (plan: ReleasePlan): number | null =>
  plan.arms.find(arm => arm.role === 'champion')?.version ?? null;

/** Plans that changed who is champion, oldest first. */
export function deploysOf(plans: readonly ReleasePlan[]): {at: number; version: number}[] {
  const oldest = [...plans].sort((a, b) => a.at - b.at || a.revision - b.revision);
  return oldest.flatMap((plan, i) => {
    const version = championOf(plan);
    const before = oldest[i - 1];
    return version === null || (before && championOf(before) === version) ? [] : [{at: plan.at, version}];
  });
}

/** Test AUC of whoever was champion in each window: what performance is held against. */
export function expectedAuc(windows: readonly MonitorWindow[], detail: ModelDetail): (number | null)[] {
  const deploys = deploysOf(detail.plans);
  const byVersion = new Map<number, ModelVersion>(detail.versions.map(version => [version.version, version]));
  return windows.map(window => {
    const deploy = deploys.findLast(candidate => candidate.at <= middle(window)) ?? deploys[0];
    return deploy === undefined ? null : (byVersion.get(deploy.version)?.metrics.auc ?? null);
  });
}

export function marksOf(detail: ModelDetail, incidents: readonly Incident[]): Mark[] {
  return [
    ...deploysOf(detail.plans).map(
      ({at, version}): Mark => ({at, kind: 'deploy', label: `v${version}`, title: `v${version} became champion`}),
    ),
    ...detail.retrains.map(
      ({firedAt, id, trigger}): Mark => ({at: firedAt, kind: 'retrain', label: '↻', title: `${id}: ${trigger.reason}`}),
    ),
    ...incidents
      .filter(incident => incident.model === detail.model)
      .map(({since, title}): Mark => ({at: since, kind: 'incident', label: '!', title})),
  ];
}
