/** Which incident an alert belongs to. */

import type {Alert, AlertFeature, Incident, IncidentCause} from '../../protocol/index.ts';
import {isTraffic, roleOf} from './alert-role.ts';
import {causeOfFeatures, REQUESTS} from './feature-origin.ts';
import type {IncidentContext} from './incident-context.ts';

/** Share of the importance from which drifting features explain a change of performance. */
const EXPLAINING_IMPORTANCE = 0.1;

const SERVING: IncidentCause = Object.freeze({kind: 'service', name: 'serving'});

/** The cause that an alert has by itself. A consequence has none but its model. */
export function ownCause(
  alert: Alert,
  features: readonly AlertFeature[],
  {origins, model}: Pick<IncidentContext, 'origins' | 'model'>,
): IncidentCause {
  const role = roleOf(alert);
  if (role === 'service') return SERVING;
  if (isTraffic(alert)) return REQUESTS;
  if (role !== 'consequence') {
    for (const {stream} of origins.values()) if (stream === alert.subject) return {kind: 'source', name: alert.subject};
    const cause = causeOfFeatures(features, origins);
    if (cause) return cause;
    if (alert.kind === 'skew') return SERVING;
  }
  return {kind: 'model', name: model};
}

/** Whether an alert about these features would explain that performance changes: a broken contract, or important drift. */
export function explains(alert: Alert, features: readonly AlertFeature[]): boolean {
  const role = roleOf(alert);
  if (role === 'contract') return !isTraffic(alert);
  return role === 'shift' && importanceOf(features) >= EXPLAINING_IMPORTANCE;
}

/** The open incident that explains a consequence: a broken contract before drift, then the more important. */
export function explanationOf(
  incidents: readonly Incident[],
  alerts: ReadonlyMap<string, Alert>,
): Incident | undefined {
  const strength = ({alerts: ids, features}: Incident): number => {
    const open = ids.map(id => alerts.get(id)).filter(alert => alert?.resolvedAt === null) as Alert[];
    if (!open.some(alert => explains(alert, features))) return 0;
    const isBroken = open.some(alert => roleOf(alert) === 'contract' && !isTraffic(alert));
    return (isBroken ? 10 : 1) + importanceOf(features);
  };
  return incidents
    .filter(({cause, resolvedAt}) => cause.kind !== 'model' && resolvedAt === null)
    .map(incident => ({incident, strength: strength(incident)}))
    .filter(candidate => candidate.strength > 0)
    .sort((a, b) => b.strength - a.strength || a.incident.openedAt - b.incident.openedAt)[0]?.incident;
}

const importanceOf = (features: readonly AlertFeature[]): number =>
  features.reduce((sum, {importance}) => sum + importance, 0);
