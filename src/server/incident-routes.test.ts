import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {LivePlatform} from '../app/index.ts';
import {ClientError, createClient} from '../client/index.ts';
import type {Alert} from '../protocol/index.ts';
import {NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const MINUTE = 60_000;
const alert: Alert = {
  id: 'punctuality:data:requests@1',
  model: 'punctuality',
  kind: 'data',
  severity: 'ticket',
  subject: 'requests',
  openedAt: NOW,
  resolvedAt: null,
  windowId: 'punctuality@1',
  measured: 0.09,
  threshold: 0.01,
  title: '9 % of requests fail',
  message: '9 of 100 requests could not be answered.',
  action: null,
};
const ID = 'punctuality.1';

let small: SmallPlatform;
const lines: string[] = [];
beforeAll(async () => {
  small = await smallPlatform();
});
afterAll(() => small.close());

const client = () => createClient({url: small.server.url});

async function ask(method: string, path: string, body?: unknown) {
  const headers = {'content-type': 'application/json'};
  const init = body === undefined ? {method} : {method, headers, body: JSON.stringify(body)};
  const answer = await fetch(small.server.url + path, init);
  const told = (await answer.json()) as {code?: string};
  return {status: answer.status, code: told.code};
}

describe('incidents over HTTP', () => {
  test('can be read before the platform is open, and changed after', async () => {
    expect(await client().incidents()).toEqual([]);
    expect(await client().silences()).toEqual([]);
    expect(await ask('POST', `/api/incidents/${ID}/acknowledge`, {})).toMatchObject({status: 503, code: 'NOT_READY'});
    await small.host.runtime.monitoring.saveAlerts([alert]);
    small.host.platform = await LivePlatform.open(small.host.runtime, {
      training: 'poll',
      tell: {environment: {}, write: line => lines.push(line)},
    });
    expect((await client().incidents({state: 'open'})).map(({id}) => id)).toEqual([ID]);
    expect(await client().incidents({state: 'resolved'})).toEqual([]);
  });

  test('are one with its alerts and its messages', async () => {
    small.clock.advanceTo(NOW + MINUTE);
    // Nobody watches this model, so its alert is opened by hand.
    small.host.platform!.model('punctuality').watch.adopt([alert]);
    await small.host.platform!.tick();
    await small.host.platform!.incidents.settled();
    const {incident, alerts, deliveries} = await client().incident(ID);
    expect(incident).toMatchObject({cause: {kind: 'service', name: 'serving'}, resolvedAt: null});
    expect(alerts).toEqual([alert]);
    expect(deliveries).toMatchObject([{channel: 'log', event: 'opened', state: 'delivered'}]);
    expect(lines).toHaveLength(1);
    expect(await client().deliveries({state: 'delivered'})).toEqual(deliveries);
    expect(await client().channels()).toEqual([{name: 'log', kind: 'log'}]);
  });

  test('are acknowledged and judged, which counts for the precision of alerts', async () => {
    expect(await client().acknowledge(ID, {by: 'ada'})).toMatchObject({acknowledgedBy: 'ada'});
    expect(await client().judge(ID, {verdict: 'useful'})).toMatchObject({
      feedback: {verdict: 'useful', by: 'anyone at 127.0.0.1'},
    });
    expect(await client().alertPrecision()).toMatchObject([{model: 'punctuality', useful: 1, precision: {value: 1}}]);
  });

  test('are silenced for a while; a silence that ended stays in the list', async () => {
    const made = await client().silence({matches: {kind: 'dat*'}, for: '2h', reason: 'a test', by: 'ada'});
    expect(made).toMatchObject({from: NOW + MINUTE, to: NOW + 121 * MINUTE, by: 'ada', kind: 'silence'});
    await small.host.platform!.tick();
    expect((await client().incident(ID)).incident.silencedBy).toBe(made.id);
    expect((await client().unsilence(made.id)).to).toBe(NOW + MINUTE);
    expect((await client().silences()).map(({id}) => id)).toEqual([made.id]);
  });

  test('a channel is tested', async () => {
    expect(await client().testChannel('log')).toMatchObject({event: 'test', state: 'delivered'});
    await expect(client().testChannel('lag')).rejects.toMatchObject({code: 'NAME_UNKNOWN'});
  });

  test('every change is in the audit log', async () => {
    const {entries} = await client().audit();
    expect(entries.map(({action, what, outcome}) => `${action} ${what} ${outcome}`).reverse()).toEqual([
      `incident.acknowledge ${ID} done`,
      `incident.judge ${ID} useful done`,
      'silence.create silence done',
      expect.stringMatching(/^silence\.end \S+ done$/),
      'channel.test log done',
      'channel.test lag failed',
    ]);
  });

  test.each<[method: string, path: string, body: unknown, status: number, code: string]>([
    ['GET', '/api/incidents?state=closed', undefined, 400, 'REQUEST_INVALID'],
    ['GET', '/api/incidents?limit=-1', undefined, 400, 'REQUEST_INVALID'],
    ['GET', '/api/incidents?model=punctualty', undefined, 404, 'MODEL_NOT_FOUND'],
    ['GET', '/api/incidents/punctuality.99', undefined, 404, 'RECORD_NOT_FOUND'],
    ['GET', '/api/incidents/%2e%2e%2f%00', undefined, 404, 'RECORD_NOT_FOUND'],
    ['GET', '/api/deliveries?state=lost', undefined, 400, 'REQUEST_INVALID'],
    ['POST', `/api/incidents/${ID}/acknowledge`, [], 400, 'REQUEST_INVALID'],
    ['POST', `/api/incidents/${ID}/acknowledge`, {by: ''}, 400, 'REQUEST_INVALID'],
    ['POST', `/api/incidents/${ID}/feedback`, {verdict: 'meh'}, 400, 'REQUEST_INVALID'],
    ['POST', `/api/incidents/${ID}/feedback`, {verdict: 'noise', note: 1}, 400, 'REQUEST_INVALID'],
    ['POST', '/api/incidents/x/acknowledge', {}, 404, 'RECORD_NOT_FOUND'],
    ['POST', '/api/silences', {}, 400, 'REQUEST_INVALID'],
    ['POST', '/api/silences', [], 400, 'REQUEST_INVALID'],
    ['POST', '/api/silences', {matches: {model: '*'}, for: '2h', reason: 'x', by: 7}, 400, 'REQUEST_INVALID'],
    ['DELETE', '/api/silences/x', undefined, 404, 'RECORD_NOT_FOUND'],
    ['POST', '/api/channels/log/test', {to: 'me'}, 400, 'REQUEST_INVALID'],
  ])('%s %s with %j is refused with %i %s', async (method, path, body, status, code) => {
    expect(await ask(method, path, body)).toEqual({status, code});
  });

  test('nobody changes anything without a key once there is one', async () => {
    const {token} = await client().createKey({name: 'ops', scopes: ['admin']});
    const {token: reader} = await createClient({url: small.server.url, key: token}).createKey({
      name: 'reader',
      scopes: ['read'],
    });
    const reading = createClient({url: small.server.url, key: reader});
    expect(await reading.incidents()).toHaveLength(1);
    await expect(reading.acknowledge(ID)).rejects.toBeInstanceOf(ClientError);
    await expect(reading.silence({matches: {model: '*'}, for: '1h', reason: 'x'})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(client().incidents()).rejects.toMatchObject({code: 'UNAUTHENTICATED'});
  });
});
