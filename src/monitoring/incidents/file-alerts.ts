/** Changes of alerts filed under incidents, one per cause. A pure function from records to records. */

import type {Alert, AlertFeature, AlertKind, Incident, IncidentCause, MonitorWindow} from '../../protocol/index.ts';
import {featuresOf} from './alert-features.ts';
import {ROLES, roleOf} from './alert-role.ts';
import {commonCause, familyOf} from './feature-origin.ts';
import {explains, explanationOf, ownCause} from './find-cause.ts';
import type {IncidentContext} from './incident-context.ts';
import {newIncident, withMessage} from './new-incident.ts';
import {rankFeatures} from './rank-features.ts';
import {settle} from './settle-incident.ts';
import {causeWords} from './summary.ts';

/** An incident that is opened again so soon is the same one: what comes and goes is told once. */
export const SAME_INCIDENT_MS = 3_600_000;

/** A model's own incident is explained by what shows within so many windows of it, or a day. */
const EXPLAINED_WITHIN = 3;
const DAY_MS = 86_400_000;

const FROM_LABELS: readonly AlertKind[] = ['performance', 'calibration', 'concept'];

export type FilingInput = {
  readonly context: IncidentContext;
  /** Incidents of the model that are open, or were resolved within the last hour. */
  readonly incidents: readonly Incident[];
  /** Their alerts, as they were. */
  readonly alerts: readonly Alert[];
  readonly opened?: readonly Alert[];
  readonly resolved?: readonly Alert[];
  /** Still open, with other figures or another severity. */
  readonly changed?: readonly Alert[];
  /** The window that was judged; null where it was none. */
  readonly window: MonitorWindow | null;
  readonly now: number;
  /** Id of the next incident. */
  readonly newId: () => string;
};

/** Incidents that are new or changed. */
export type Filed = {readonly incidents: readonly Incident[]};

/**
 * Every alert is in exactly one incident. Alerts about data go to the source, view or requests that they come from; what
 * follows (performance, calibration, estimates, predictions) goes to the open incident that explains it, or to one of the
 * model, which becomes that of the explanation when it shows shortly after.
 */
export function fileAlerts(input: FilingInput): Filed {
  const {context, window, now, opened = [], resolved = [], changed = []} = input;
  const drafts = new Map(input.incidents.map(incident => [incident.id, incident]));
  const alerts = new Map([...input.alerts, ...opened, ...changed, ...resolved].map(alert => [alert.id, alert]));
  const home = new Map(input.incidents.flatMap(({id, alerts}) => alerts.map(alert => [alert, id] as const)));
  const touched = new Set<string>();
  const update = (incident: Incident): void => {
    drafts.set(incident.id, incident);
    touched.add(incident.id);
  };

  const inOrder = [...opened].sort((a, b) => ROLES.indexOf(roleOf(a)) - ROLES.indexOf(roleOf(b)));
  for (const alert of inOrder) {
    const known = home.get(alert.id);
    if (known !== undefined) {
      update(drafts.get(known)!);
      continue;
    }
    const features = featuresOf(alert, window, context.importances);
    const found = incidentFor(alert, features, {context, drafts: [...drafts.values()], alerts, window, now});
    const base =
      found ?? newIncident({id: input.newId(), cause: ownCause(alert, features, context), alert, context, now});
    home.set(alert.id, base.id);
    update(
      withMessage(
        {
          ...base,
          alerts: [...base.alerts, alert.id],
          since: Math.min(base.since, sinceOf(alert, window)),
          features: rankFeatures(base.features, features),
        },
        now,
        `${alert.severity === 'page' ? 'Page' : 'Ticket'}: ${alert.title}${alert.action === null ? '' : `. Done about it: ${alert.action}.`}`,
      ),
    );
  }
  const before = new Map(input.alerts.map(alert => [alert.id, alert]));
  for (const alert of [...changed, ...resolved]) {
    const incident = drafts.get(home.get(alert.id) ?? '');
    if (!incident) continue;
    const message = whatBecame(alert, before.get(alert.id), window);
    update(message === null ? incident : withMessage(incident, now, message));
  }
  // A page for performance may lie in one incident and what it inhibits in another.
  const allOpen = [...home.keys()].map(id => alerts.get(id)).filter(alert => alert?.resolvedAt === null) as Alert[];
  const settled = [...drafts.values()].flatMap(incident => {
    const next = settle(incident, {alerts, allOpen, context, window, now});
    return touched.has(incident.id) || idsOf(next.inhibited) !== idsOf(incident.inhibited) ? [next] : [];
  });
  return {incidents: settled};
}

const idsOf = (inhibited: Incident['inhibited']): string => inhibited.map(({alert}) => alert).join();

type Place = {
  readonly context: IncidentContext;
  readonly drafts: readonly Incident[];
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly window: MonitorWindow | null;
  readonly now: number;
};

/** The incident that an alert belongs to, with the cause that it then has. */
function incidentFor(alert: Alert, features: readonly AlertFeature[], place: Place): Incident | undefined {
  const {context, drafts, alerts, now} = place;
  const {origins} = context;
  const cause = ownCause(alert, features, context);
  if (cause.kind === 'model' && roleOf(alert) === 'consequence') {
    const explanation = explanationOf(drafts, alerts);
    if (explanation) return explanation;
  }
  const family = familyOf(cause, origins);
  const same = drafts
    .filter(({cause: other, resolvedAt}) => familyOf(other, origins) === family && isCurrent(resolvedAt, now))
    .sort((a, b) => Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null) || b.openedAt - a.openedAt)[0];
  if (same)
    return withCause(same.resolvedAt === null ? same : begunAnew(same), commonCause(same.cause, cause, origins), now);
  if (cause.kind === 'model' || !explains(alert, features)) return undefined;
  const unexplained = drafts.find(
    ({cause: {kind}, resolvedAt, since}) =>
      kind === 'model' && resolvedAt === null && sinceOf(alert, place.window) - since <= explainedWithin(place.window),
  );
  return unexplained && withCause(unexplained, cause, now);
}

/** An incident that comes back says nothing of what was measured before it was over. */
const begunAnew = (incident: Incident): Incident => ({...incident, features: [], slices: [], change: null, cost: null});

const isCurrent = (resolvedAt: number | null, now: number): boolean =>
  resolvedAt === null || now - resolvedAt <= SAME_INCIDENT_MS;

const explainedWithin = (window: MonitorWindow | null): number =>
  Math.max(DAY_MS, window ? EXPLAINED_WITHIN * (window.to - window.from) : 0);

function withCause(incident: Incident, cause: IncidentCause, now: number): Incident {
  if (incident.cause.kind === cause.kind && incident.cause.name === cause.name) return incident;
  return withMessage(
    {...incident, cause},
    now,
    `The cause is now taken to be ${causeWords(cause) || `${cause.kind} ${cause.name}`}.`,
  );
}

/** Start of the window that an alert is about, where that is the one at hand. */
const sinceOf = ({windowId, openedAt}: Alert, window: MonitorWindow | null): number =>
  window?.id === windowId ? Math.min(window.from, openedAt) : openedAt;

/** Labels that came late are told of: they change what was said before. Null where only figures changed. */
function whatBecame(alert: Alert, before: Alert | undefined, window: MonitorWindow | null): string | null {
  const {resolvedAt, windowId, title, severity, action, kind} = alert;
  const isScored = window?.id === windowId && window.performance !== null;
  const late = FROM_LABELS.includes(kind) ? ', by labels that came late' : '';
  const because = isScored ? (kind === 'estimate' ? ', by labels' : late) : '';
  if (resolvedAt !== null) return before?.resolvedAt === resolvedAt ? null : `Resolved${because}: ${title}`;
  if (action !== null && before && action !== before.action) return `Done about it: ${action}.`;
  if (severity !== before?.severity) return `Now a ${severity}${because}: ${title}`;
  return title === before.title ? null : `Now${because}: ${title}`;
}
