import type {Alert, Incident, IncidentCause} from '../../protocol/index.ts';
import type {IncidentContext} from './incident-context.ts';

/** Messages that an incident keeps: the first, and as many of the newest. */
const MOST_MESSAGES = 100;

type Given = {
  readonly id: string;
  readonly cause: IncidentCause;
  readonly alert: Alert;
  readonly context: IncidentContext;
  readonly now: number;
};

/** An incident without alerts; `alert` is the first to come. */
export function newIncident({id, cause, alert, context, now}: Given): Incident {
  const {model, owner, runbook, lastDeploy} = context;
  return {
    id,
    model,
    cause,
    severity: alert.severity,
    title: alert.title,
    summary: alert.message,
    since: alert.openedAt,
    openedAt: now,
    updatedAt: now,
    resolvedAt: null,
    alerts: [],
    inhibited: [],
    features: [],
    slices: [],
    change: null,
    cost: null,
    lastDeploy,
    owner,
    runbook,
    silencedBy: null,
    acknowledgedBy: null,
    feedback: null,
    timeline: [],
  };
}

/** The incident with one message more on its timeline. */
export function withMessage(incident: Incident, at: number, message: string): Incident {
  const [first, ...rest] = [...incident.timeline, {at, message}];
  return {...incident, updatedAt: at, timeline: [first!, ...rest.slice(-(MOST_MESSAGES - 1))]};
}
