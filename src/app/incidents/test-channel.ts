import type {Channel} from '../../monitoring/index.ts';
import {type Alert, type Clock, type Delivery, type Incident, MillraceError, nearest} from '../../protocol/index.ts';

/** What a channel is asked to take to see whether it works. */
const testIncident = (now: number): Incident => ({
  id: 'test',
  model: 'test',
  cause: {kind: 'service', name: 'test'},
  severity: 'ticket',
  title: 'A test of this channel',
  summary: 'Nothing is wrong: somebody asked whether messages arrive here.',
  since: now,
  openedAt: now,
  updatedAt: now,
  resolvedAt: null,
  alerts: [],
  inhibited: [],
  features: [],
  slices: [],
  change: null,
  cost: null,
  lastDeploy: null,
  owner: '',
  runbook: null,
  silencedBy: null,
  acknowledgedBy: null,
  feedback: null,
  timeline: [],
});

/** Receivers that look at alerts alone see it too. */
const testAlert = (id: string, {title, summary, since}: Incident): Alert => ({
  id,
  model: 'test',
  kind: 'data',
  severity: 'ticket',
  subject: 'test',
  openedAt: since,
  resolvedAt: null,
  windowId: 'test',
  measured: 0,
  threshold: 0,
  title,
  message: summary,
  action: null,
});

type Given = {
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly id: string;
  readonly console: string | null;
};

/** Sends a test message, once; what came of it is not kept yet. Throws NAME_UNKNOWN. */
export async function testChannel(name: string, {channels, clock, id, console}: Given): Promise<Delivery> {
  const channel = channels.find(one => one.name === name);
  if (!channel) throw unknown(name, channels);
  const createdAt = clock.now();
  const incident = testIncident(createdAt);
  const notice = {id, event: 'test' as const, incident, alerts: [testAlert(id, incident)], link: console};
  const problem = await channel.send(notice).then(
    () => null,
    (error: unknown) => problemOf(name, error),
  );
  return {
    id,
    channel: name,
    incident: 'test',
    event: 'test',
    state: problem === null ? 'delivered' : 'failed',
    attempts: 1,
    createdAt,
    nextAt: null,
    deliveredAt: problem === null ? clock.now() : null,
    problem,
  };
}

/** What is kept and shown of a failure: other errors than our own may hold anything, secrets too. */
export const problemOf = (channel: string, error: unknown): string =>
  error instanceof MillraceError ? error.message : `Channel '${channel}' failed.`;

function unknown(name: string, channels: readonly Channel[]): MillraceError {
  const names = channels.map(channel => channel.name);
  const [near] = nearest(name, names);
  return new MillraceError('NAME_UNKNOWN', `There is no channel '${name.slice(0, 60)}' to send to.`, {
    fix:
      names.length === 0
        ? 'Nothing is sent from here: ask a server that runs (millrace serve).'
        : `Name one of ${names.join(', ')}${near === undefined ? '.' : `; did you mean ${near}?`}`,
  });
}
