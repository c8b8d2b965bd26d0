/** Alerts that say nothing by themselves while another, of which they follow, is open. */

import type {Alert, Incident} from '../../protocol/index.ts';
import {isTraffic, roleOf} from './alert-role.ts';

export type Inhibited = Incident['inhibited'][number];

/**
 * Within an incident a broken contract inhibits the drift that descends from it; a page for performance inhibits the
 * drift of the predictions of its model, and requests that fail inhibit that there are fewer predictions, wherever they are
 * filed. An alert that is inhibited when it resolves stays
 * so; one that outlasts its inhibitor speaks for itself again.
 * `before`: what was inhibited so far.
 */
export function inhibitedAmong(
  alerts: readonly Alert[],
  allOpen: readonly Alert[],
  before: readonly Inhibited[],
): Inhibited[] {
  const contract = alerts.find(alert => isOpen(alert) && roleOf(alert) === 'contract');
  const page = allOpen.find(
    ({kind, severity}) => severity === 'page' && (kind === 'performance' || kind === 'calibration'),
  );
  const failing = allOpen.find(({kind, subject}) => kind === 'data' && subject === 'requests');
  return alerts.flatMap((alert): Inhibited[] => {
    const known = before.find(one => one.alert === alert.id);
    if (!isOpen(alert)) return known ? [known] : [];
    const by = inhibitorOf(alert, contract, page, failing);
    if (!by) return [];
    return [known ?? {alert: alert.id, reason: `Follows from: ${by.title}`}];
  });
}

const isOpen = ({resolvedAt}: Alert): boolean => resolvedAt === null;

function inhibitorOf(
  alert: Alert,
  contract: Alert | undefined,
  page: Alert | undefined,
  failing: Alert | undefined,
): Alert | undefined {
  if (isTraffic(alert)) return failing;
  if (roleOf(alert) === 'shift') return contract;
  return alert.kind === 'prediction-drift' ? page : undefined;
}
