/** A notice in plain words, for people who read it in a mail or a chat. */

import type {Incident} from '../../protocol/index.ts';
import type {Notice} from '../incidents/channel.ts';
import {timeWords} from '../incidents/summary.ts';

const NEWEST = 5;

/** `[page] late: AUC 0.702, tested at 0.741`, `[resolved] …`. */
export const headline = ({event, incident}: Pick<Notice, 'event' | 'incident'>): string =>
  `[${statusWord(event, incident)}] ${incident.title}`;

function statusWord(event: Notice['event'], {severity, resolvedAt}: Incident): string {
  if (event === 'test') return 'test';
  return resolvedAt === null ? severity : 'resolved';
}

/** Since when, how long, the newest of what happened, and what can be done about it. */
export function detailLines({event, incident, link}: Notice): string[] {
  const {since, resolvedAt, timeline, acknowledgedBy, id, owner, runbook} = incident;
  const facts = [
    `Since ${timeWords(since)}${resolvedAt === null ? '' : `, until ${timeWords(resolvedAt)}`}`,
    owner === '' ? null : `Owner: ${owner}`,
    acknowledgedBy === null ? null : `Acknowledged by ${acknowledgedBy}`,
    runbook === null ? null : `What to do: ${runbook}`,
    link === null ? null : `Look at it: ${link}`,
    event === 'test' ? null : `millrace incidents ${id}`,
  ];
  return [
    ...facts.filter(fact => fact !== null),
    ...timeline.slice(-NEWEST).map(({at, message}) => `${timeWords(at)}  ${message}`),
  ];
}
