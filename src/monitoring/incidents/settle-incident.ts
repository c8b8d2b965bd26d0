/** What follows for an incident from the state of its alerts: severity, inhibition, size, words, and whether it is over. */

import type {Alert, Incident, MonitorWindow} from '../../protocol/index.ts';
import {impactOf} from './impact.ts';
import type {IncidentContext} from './incident-context.ts';
import {inhibitedAmong} from './inhibition.ts';
import {withMessage} from './new-incident.ts';
import {summaryOf, titleOf} from './summary.ts';

type Given = {
  readonly alerts: ReadonlyMap<string, Alert>;
  /** Open alerts of all incidents of the model. */
  readonly allOpen: readonly Alert[];
  readonly context: IncidentContext;
  readonly window: MonitorWindow | null;
  readonly now: number;
};

export function settle(incident: Incident, {alerts, allOpen, context, window, now}: Given): Incident {
  const own = incident.alerts.map(id => alerts.get(id)).filter(alert => alert !== undefined);
  const open = own.filter(({resolvedAt}) => resolvedAt === null);
  const inhibited = inhibitedAmong(own, allOpen, incident.inhibited);
  const speaking = speakingAmong(open, inhibited);
  let next: Incident = {...incident, inhibited};
  if (speaking.some(({severity}) => severity === 'page') && incident.severity === 'ticket')
    next = withMessage({...next, severity: 'page'}, now, 'It is a page from now on.');
  if (open.length > 0 && incident.resolvedAt !== null) {
    // Whoever had taken the last one did not take this.
    const again = {...next, resolvedAt: null, acknowledgedBy: null, lastDeploy: context.lastDeploy};
    next = withMessage(again, now, 'Opened again.');
  }
  if (open.length === 0)
    return next.resolvedAt === null ? withMessage({...next, resolvedAt: now}, now, 'Resolved.') : next;
  next = {...next, ...impactOf(window, open, context, next)};
  if (speaking.length === 0) return next;
  return {
    ...next,
    title: titleOf(next, speaking),
    summary: summaryOf(next, speaking, context.importances.size, context.origins),
  };
}

/** Alerts that are open and not inhibited: those that people are told of, the gravest first. */
export function speakingAmong(alerts: readonly Alert[], inhibited: Incident['inhibited']): Alert[] {
  const silent = new Set(inhibited.map(({alert}) => alert));
  return alerts
    .filter(({id, resolvedAt}) => resolvedAt === null && !silent.has(id))
    .sort((a, b) => Number(b.severity === 'page') - Number(a.severity === 'page'));
}
