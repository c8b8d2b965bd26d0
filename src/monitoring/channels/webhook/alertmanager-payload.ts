/**
 * The body of a webhook, version "4", as Alertmanager sends it: whoever receives from Alertmanager can receive from here.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */

import {createHash} from 'node:crypto';
import type {Alert} from '../../../protocol/index.ts';
import type {Notice} from '../../incidents/channel.ts';

type Labels = {readonly [name: string]: string};

export type AlertmanagerAlert = {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
};

export type AlertmanagerPayload = {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly externalURL: string;
  readonly alerts: readonly AlertmanagerAlert[];
};

const MOST_ALERTS = 50;
/** What Alertmanager writes for an alert that has not ended. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

export function alertmanagerPayload(notice: Notice, receiver: string): AlertmanagerPayload {
  const {incident, alerts, link} = notice;
  const isResolved = incident.resolvedAt !== null;
  const sent = alerts.slice(0, MOST_ALERTS).map(alert => alertOf(alert, notice));
  const groupLabels = {model: incident.model, incident: incident.id};
  return {
    version: '4',
    groupKey: `{}:{model=${JSON.stringify(incident.model)}, incident=${JSON.stringify(incident.id)}}`,
    truncatedAlerts: alerts.length - sent.length,
    status: isResolved ? 'resolved' : 'firing',
    receiver,
    groupLabels,
    commonLabels: common(sent.map(({labels}) => labels)),
    commonAnnotations: common(sent.map(({annotations}) => annotations)),
    externalURL: link ?? '',
    alerts: sent,
  };
}

function alertOf(alert: Alert, {event, incident, link}: Notice): AlertmanagerAlert {
  const endedAt = alert.resolvedAt ?? incident.resolvedAt;
  const {runbook, owner} = incident;
  return {
    status: endedAt === null ? 'firing' : 'resolved',
    labels: {
      alertname: event === 'test' ? 'test' : alert.kind,
      severity: alert.severity,
      model: incident.model,
      incident: incident.id,
      subject: alert.subject,
      cause: `${incident.cause.kind}:${incident.cause.name}`,
      ...(owner === '' ? {} : {owner}),
    },
    annotations: {
      title: incident.title,
      summary: alert.title,
      description: incident.summary,
      message: alert.message,
      ...(runbook === null ? {} : {runbook_url: runbook}),
    },
    startsAt: new Date(alert.openedAt).toISOString(),
    endsAt: endedAt === null ? NOT_ENDED : new Date(endedAt).toISOString(),
    generatorURL: link ?? '',
    fingerprint: createHash('sha256').update(alert.id).digest('hex').slice(0, 16),
  };
}

/** What all of them have, with the same value. */
function common(all: readonly Labels[]): Labels {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every(other => other[name] === value)),
  );
}
