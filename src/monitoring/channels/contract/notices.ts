/** A notice to send, for the tests of channels. */

import type {Incident} from '../../../protocol/index.ts';
import type {Notice} from '../../incidents/channel.ts';
import {alertOf, CONTEXT, MINUTE, START} from '../../incidents/incidents.fixture.ts';
import {newIncident} from '../../incidents/new-incident.ts';

const auc = alertOf('performance', 'auc');
const drift = alertOf('drift', 'rain');

export function noticeOf(given: Partial<Incident> = {}, event: Notice['event'] = 'opened'): Notice {
  const cause = {kind: 'source', name: 'weather'} as const;
  const made = newIncident({id: 'late.1', cause, alert: auc, context: CONTEXT, now: START + MINUTE});
  const timeline = [{at: START + MINUTE, message: 'Page: performance of auc'}];
  const incident = {...made, severity: 'page' as const, alerts: [auc.id, drift.id], timeline, ...given};
  return {id: 'd1', event, incident, alerts: [auc, drift], link: 'https://millrace.example/monitoring?incident=late.1'};
}
