// `millrace serve --workers`: several processes that look like one server, lose no prediction, and answer what can be computed again.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {checkConsistency, loadProject, openRuntime} from '../src/app/index.ts';
import {millrace, ROOT, type Running, start, temporaryFolder} from './cli/millrace.fixture.ts';
import {startClients} from './serving/clients.ts';

const PROJECT = join(ROOT, 'test/projects/couriers');
const MODEL = 'punctuality';
const folder = temporaryFolder();
let started: Running | null = null;
const WHERE = ['--project', PROJECT, '--data', join(folder.path, 'data')];
const JSON_BODY = {'content-type': 'application/json'};

type Server = {readonly url: string; readonly running: Running; end(): Promise<void>};
type Predicted = {readonly predictions: readonly {id: string; at: number; version: number; features: object}[]};

async function serve(...more: readonly string[]): Promise<Server> {
  const running = start(['serve', '--port', '0', '--workers', '2', '--json', ...WHERE, ...more], folder.path);
  started = running;
  await running.shows('"pid"');
  return {
    url: running.out().match(/"url": "([^"]+)"/)![1]!,
    running,
    end: async () => {
      running.process.kill('SIGTERM');
      const {code, err} = await running.ended;
      expect({code, err: code === 0 || code === 130 ? '' : err}).toEqual({code, err: ''});
      expect([0, 130]).toContain(code);
    },
  };
}

const workersOf = ({
  running: {
    process: {pid},
  },
}: Server): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], {encoding: 'utf8'})
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter(child => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker.ts'));

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {method: 'POST', headers: {...JSON_BODY, connection: 'close', ...headers}, body: JSON.stringify(body)});

const predictOnce = async ({url}: Server, headers: Readonly<Record<string, string>> = {}): Promise<number> => {
  const instances = [{kitchen: 'k1', distance: 1}];
  return (await post(`${url}/v1/models/${MODEL}/predict`, {instances}, headers)).status;
};

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find(each => each.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await holds()); await delay(20))
    if (performance.now() > end) throw new Error('It did not come to hold within 20 s.');
}

/** What the log holds when no server has it open: how often each id was served, and what computing it again gives. */
async function readLog(prefix: string) {
  const runtime = await openRuntime(await loadProject(PROJECT), {folder: join(folder.path, 'data'), threads: 1});
  const times = new Map<string, number>();
  for await (const {ids} of runtime.predictions.served(MODEL))
    for (const id of ids) if (id.startsWith(prefix)) times.set(id, (times.get(id) ?? 0) + 1);
  const {predictions, mismatches} = await checkConsistency(runtime, runtime.project.models[0]!);
  await runtime.close();
  return {times, predictions, mismatches};
}

/** Pushes orders and deliveries until stopped. */
function pushEvents(url: string) {
  let stopped = false;
  const pushing = (async () => {
    for (let n = 0; !stopped; n++) {
      const now = new Date().toISOString();
      const kitchen = `k${n % 8}`;
      const order = {orderId: `live-${n}`, kitchen, distance: n % 9, orderedAt: now};
      expect((await post(`${url}/v1/events/orders`, {events: [order]})).status).toBe(200);
      const delivery = {orderId: `live-${n}`, kitchen, delay: n % 30, deliveredAt: now};
      expect((await post(`${url}/v1/events/deliveries`, {events: [delivery]})).status).toBe(200);
      await delay(5);
    }
  })();
  return async () => {
    stopped = true;
    await pushing;
  };
}

beforeAll(async () => {
  for (const line of [
    ['ingest'],
    ['train', '--as-of', '2024-01-10'],
    ['train', '--as-of', '2024-01-12'],
    ['deploy', '--version', '1'],
  ])
    expect(await millrace([...line, ...WHERE], folder.path)).toMatchObject({code: 0});
}, 120_000);
afterEach(async () => {
  started?.process.kill('SIGKILL');
  await started?.ended;
});
afterAll(() => folder.remove());

describe('a server with workers', {timeout: 120_000}, () => {
  test('swaps versions and ends under load: no request fails, the log has each answer once, and all can be computed again', async () => {
    const server = await serve();
    const stopPushing = pushEvents(server.url);
    const clients = startClients(`${server.url}/v1/models/${MODEL}/predict`, {count: 8, prefix: 'swaps', retry: false});
    for (let swap = 1; swap <= 20; swap++) {
      await delay(50);
      const version = 1 + (swap % 2);
      const deployed = await post(`${server.url}/api/models/${MODEL}/deploy`, {version, reason: 'A hot swap.'});
      expect(deployed.status).toBe(200);
      // Whoever is asked from here on, on a connection of its own, has the new version.
      for (let i = 0; i < 4; i++) {
        const answer = await post(`${server.url}/v1/models/${MODEL}/predict`, {
          instances: [{id: `one-${swap}-${i}`, kitchen: 'k1', distance: 1}],
        });
        expect(((await answer.json()) as Predicted).predictions[0]!.version).toBe(version);
      }
    }
    const {answered, failures} = await clients.stop();
    await stopPushing();
    await server.end();
    expect(failures).toEqual([]);
    expect(new Set(answered.values())).toEqual(new Set([1, 2]));
    const {times, predictions, mismatches} = await readLog('swaps-');
    expect(answered.size).toBeGreaterThan(1_000);
    expect(times.size).toBe(answered.size);
    expect([...answered.keys()].filter(id => times.get(id) !== 1)).toEqual([]);
    expect({predictions, mismatches}).toEqual({predictions: times.size + 80, mismatches: 0});
  });

  test('shows events in the answers of its workers within a second or so', async () => {
    const server = await serve();
    const order = {orderId: 'seen', kitchen: 'k-own', distance: 2, orderedAt: new Date().toISOString()};
    const pushed = performance.now();
    await post(`${server.url}/v1/events/orders`, {events: [order]});
    let features: Record<string, unknown> = {};
    await until(async () => {
      const answer = await post(`${server.url}/v1/models/${MODEL}/predict`, {
        instances: [{kitchen: order.kitchen, distance: 2}],
      });
      features = ((await answer.json()) as Predicted).predictions[0]!.features as Record<string, unknown>;
      return features.lastDistance_30m === 2;
    });
    expect(performance.now() - pushed).toBeLessThan(3_000);
    expect(await metric(server.url, 'millrace_workers{state="ready"}')).toBe(2);
    await server.end();
  });

  test('goes on when a worker is killed: others answer, another one takes its place, and the loss is counted', async () => {
    const server = await serve();
    const clients = startClients(`${server.url}/v1/models/${MODEL}/predict`, {count: 8, prefix: 'killed', retry: true});
    await delay(500);
    const [victim, other] = workersOf(server);
    process.kill(victim!, 'SIGKILL');
    await until(async () => (await metric(server.url, 'millrace_workers_lost_total')) === 1);
    await until(async () => (await metric(server.url, 'millrace_workers{state="ready"}')) === 2);
    const workers = workersOf(server);
    expect(workers).toHaveLength(2);
    expect(workers).toContain(other);
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    // Nobody is there: the server answers by itself. What the client had open to a worker is gone.
    await until(async () => (await predictOnce(server).catch(() => 0)) === 200);
    await until(async () => (await metric(server.url, 'millrace_workers{state="ready"}')) === 2);
    const {answered, failures} = await clients.stop();
    await server.end();
    expect(failures).toEqual([]);
    const {times, mismatches} = await readLog('killed-');
    // What a killed worker answered in its last 20 ms is lost, as it is when a server is killed.
    expect([...answered.keys()].filter(id => !times.has(id)).length).toBeLessThan(answered.size / 20);
    expect(mismatches).toBe(0);
  });

  test('refuses what a single process refuses, with the same words', async () => {
    const server = await serve();
    const asked = async (path: string, body: unknown) => {
      const answer = await post(`${server.url}${path}`, body);
      return [answer.status, ((await answer.json()) as {code?: string}).code];
    };
    const predict = `/v1/models/${MODEL}/predict`;
    expect(await asked(predict, {})).toEqual([400, 'REQUEST_INVALID']);
    expect(await asked(predict, {instances: [{kitchen: 3, distance: 'far'}]})).toEqual([400, 'REQUEST_INVALID']);
    expect(await asked(predict, {instances: 'x'.repeat(5_000_000)})).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect(await asked('/v1/models/nothing/predict', {instances: [{}]})).toEqual([404, 'MODEL_NOT_FOUND']);
    expect(await asked('/v1/nowhere', {})).toEqual([404, 'ROUTE_NOT_FOUND']);
    const broken = await fetch(`${server.url}${predict}`, {method: 'POST', headers: JSON_BODY, body: '{"instances"'});
    expect(broken.status).toBe(400);
    const ranked = await post(`${server.url}/v1/models/${MODEL}/rank`, {
      context: {kitchen: 'k1'},
      candidates: Array.from({length: 30}, (_, i) => ({distance: i / 3})),
      top: 5,
    });
    expect(((await ranked.json()) as {ranking: object[]}).ranking).toHaveLength(5);
    const live = await fetch(`${server.url}/api/live`);
    expect(live.headers.get('content-type')).toContain('text/event-stream');
    await until(async () => (await metric(server.url, 'millrace_prediction_errors_total{model="punctuality"}')) > 0);
    await server.end();
    await live.body?.cancel().catch(() => {});
  });

  test('asks for a key in every worker, lets its rate be counted in one place, and forgets it at once', async () => {
    const made = await millrace(['keys', 'create', 'ops', '--scope', 'admin', '--json', ...WHERE], folder.path);
    const authorization = `Bearer ${(JSON.parse(made.out) as {token: string}).token}`;
    const server = await serve();
    const predict = async (headers: Readonly<Record<string, string>>) =>
      (await post(`${server.url}/v1/models/${MODEL}/predict`, {instances: [{kitchen: 'k1', distance: 1}]}, headers))
        .status;
    const create = async (body: object) => {
      const answer = await post(`${server.url}/api/admin/keys`, body, {authorization});
      return (await answer.json()) as {token: string; key: {id: string}};
    };
    for (let i = 0; i < 4; i++) expect(await predict({})).toBe(401);
    const limited = await create({name: 'limited', scopes: ['predict'], rate: {perSecond: 0.01, burst: 3}});
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push(await predict({authorization: `Bearer ${limited.token}`}));
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    const free = await create({name: 'free', scopes: ['predict']});
    for (let i = 0; i < 4; i++) expect(await predict({authorization: `Bearer ${free.token}`})).toBe(200);
    const revoked = await fetch(`${server.url}/api/admin/keys/${free.key.id}`, {
      method: 'DELETE',
      headers: {authorization},
    });
    expect(revoked.status).toBe(200);
    for (let i = 0; i < 4; i++) expect(await predict({authorization: `Bearer ${free.token}`})).toBe(401);
    const audit = await fetch(`${server.url}/api/admin/audit`, {
      headers: {authorization, 'x-millrace-client': 'x 9.9.9.9'},
    });
    expect(audit.status).toBe(200);
    await server.end();
  });

  test('does not take --rate, which would be counted by each worker', async () => {
    const {code, err} = await millrace(
      ['serve', '--port', '0', '--workers', '2', '--rate', '5/s', ...WHERE],
      folder.path,
    );
    expect(code).toBe(2);
    expect(err).toContain('--rate');
  });
});
