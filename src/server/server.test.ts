import {request as httpRequest} from 'node:http';
import {connect} from 'node:net';
import {networkInterfaces} from 'node:os';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {LiveTick, Overview, PredictAnswer, PushAnswer} from '../protocol/index.ts';
import {startServer} from './start-server.ts';
import {deploy, NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const MINUTE = 60_000;
let small: SmallPlatform;

beforeAll(async () => {
  small = await smallPlatform();
});
afterAll(() => small.close());

type Answer<T> = {readonly status: number; readonly headers: Headers; readonly body: T};
type Failure = {readonly code: string; readonly message: string; readonly fix?: string; readonly problems?: unknown[]};

async function ask<T = Failure>(path: string, init?: RequestInit): Promise<Answer<T>> {
  const answer = await fetch(`${small.server.url}${path}`, init);
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.startsWith('application/json');
  return {status: answer.status, headers: answer.headers, body: (json ? JSON.parse(text) : text) as T};
}

const post = <T = Failure>(path: string, body: unknown, type = 'application/json') =>
  ask<T>(path, {
    method: 'POST',
    headers: {'content-type': type},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const predict = <T = PredictAnswer>(...instances: unknown[]) => post<T>('/v1/models/punctuality/predict', {instances});
const push = <T = PushAnswer>(stream: string, ...events: unknown[]) => post<T>(`/v1/events/${stream}`, {events});

/** The bytes of a path that no client would send as it is. */
const raw = (path: string, method = 'GET'): Promise<{status: number; type: string; text: string}> =>
  new Promise((resolve, reject) => {
    const {hostname, port} = new URL(small.server.url);
    httpRequest({hostname, port, path, method}, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', part => {
        text += part;
      });
      answer.on('end', () => resolve({status: answer.statusCode!, type: String(answer.headers['content-type']), text}));
    })
      .on('error', reject)
      .end();
  });

const at = (minutesAgo: number) => new Date(NOW - minutesAgo * MINUTE).toISOString();
let next = 0;
const delivery = (kitchen: string, delay: number | null, minutesAgo = 5) => ({
  orderId: `live-${next++}`,
  kitchen,
  delay,
  deliveredAt: at(minutesAgo),
});

describe('before anything is deployed', () => {
  test('the server lives, is not ready, and says so to whoever asks for more', async () => {
    expect((await ask('/health/live')).status).toBe(200);
    expect(await ask('/health/ready')).toMatchObject({status: 503, body: {status: 'not ready', models: []}});
    for (const answer of [await predict<Failure>({kitchen: 'k1', distance: 2}), await push<Failure>('orders', {})]) {
      expect(answer).toMatchObject({status: 503, body: {code: 'NOT_READY'}});
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect((await ask<Overview>('/api/overview')).body.verdict.level).toBe('unknown');
  });

  test('an open platform without a version is not ready either', async () => {
    await small.open();
    expect((await ask<{models: unknown}>('/health/ready')).body.models).toEqual([{model: 'punctuality', ready: false}]);
    expect(await predict<Failure>({kitchen: 'k1', distance: 2})).toMatchObject({
      status: 503,
      body: {code: 'NOT_READY', fix: expect.stringContaining('millrace deploy punctuality')},
    });
    await deploy(small);
    await small.restart();
    expect((await ask('/health/ready')).status).toBe(200);
  });
});

describe('POST /v1/models/:model/predict', () => {
  test('answers each instance with its prediction and what it saw', async () => {
    const {status, body} = await predict({kitchen: 'k1', distance: 7.5, id: 'mine'}, {kitchen: 'k2', distance: 0.5});
    expect(status).toBe(200);
    expect(body.model).toBe('punctuality');
    const [far, near] = body.predictions;
    expect(far).toMatchObject({id: 'mine', version: 1, role: 'champion', at: NOW});
    expect(far!.features).toMatchObject({km: 7.5, place: 'k1', hour: 14});
    expect(Object.keys(far!.features!)).toEqual(small.project.models[0]!.features.features.map(f => f.name));
    expect(near!.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(far!.prediction).toBeGreaterThan(near!.prediction!);
    expect([far, near].every(p => p!.prediction! > 0 && p!.prediction! < 1)).toBe(true);
  });

  test.each([
    ['malformed JSON', '{"instances": [', 400, 'REQUEST_INVALID'],
    ['an empty body', '', 400, 'REQUEST_INVALID'],
    ['a body that is no object', '3', 400, 'REQUEST_INVALID'],
    ['null', 'null', 400, 'REQUEST_INVALID'],
    ['no instances', '{"instance": []}', 400, 'REQUEST_INVALID'],
    ['an empty list', '{"instances": []}', 400, 'REQUEST_INVALID'],
    ['an instance that is no object', '{"instances": [3]}', 400, 'REQUEST_INVALID'],
    ['a poisoned prototype', '{"instances": [{"__proto__": {"kitchen": "k1"}}]}', 400, 'REQUEST_INVALID'],
    ['an id that is a number', '{"instances": [{"kitchen": "k1", "distance": 1, "id": 7}]}', 400, 'REQUEST_INVALID'],
    ['an empty id', '{"instances": [{"kitchen": "k1", "distance": 1, "id": ""}]}', 400, 'REQUEST_INVALID'],
    ['a number beyond JSON', '{"instances": [{"kitchen": "k1", "distance": 1e999}]}', 400, 'REQUEST_INVALID'],
  ])('refuses %s in one clear message', async (_, body, status, code) => {
    const answer = await post('/v1/models/punctuality/predict', body);
    expect(answer).toMatchObject({status, body: {code, message: expect.stringMatching(/./)}});
    expect(answer.body.fix ?? answer.body.problems, 'what to do').toBeTruthy();
    expect(JSON.stringify(answer.body)).not.toMatch(/\.ts:|node_modules|\\n +at /);
  });

  test('names every problem of an instance, and what was meant', async () => {
    const {status, body} = await predict<Failure>({kitchen: 3, distanc: 2});
    expect(status).toBe(400);
    expect(body.problems).toEqual([
      {path: 'instances[0].kitchen', message: "'kitchen' is 3.", fix: 'Give a string.'},
      {path: 'instances[0].distance', message: "'distance' is missing.", fix: 'Give a finite number.'},
      {path: 'instances[0].distanc', message: "'distanc' is no field of this request.", fix: 'Did you mean distance?'},
    ]);
  });

  test('refuses another content type, a model it does not have, and a method it does not know', async () => {
    const body = {instances: [{kitchen: 'k1', distance: 1}]};
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect((await post('/v1/models/punctuality/predict', body, type)).body.code, type).toBe('REQUEST_INVALID');
    expect(await post('/v1/models/puntuality/predict', body)).toMatchObject({
      status: 404,
      body: {code: 'MODEL_NOT_FOUND', fix: expect.stringContaining('did you mean punctuality?')},
    });
    expect((await ask('/v1/models/punctuality/predict')).status).toBe(404);
  });

  test('refuses bodies and lists that are too large', async () => {
    const many = await predict<Failure>(...Array.from({length: 1_001}, () => ({kitchen: 'k1', distance: 1})));
    expect(many).toMatchObject({status: 400, body: {code: 'REQUEST_INVALID', fix: 'Send 1 to 1000 at a time.'}});
    const large = await predict<Failure>({kitchen: 'x'.repeat(5_000_000), distance: 1});
    expect(large).toMatchObject({status: 413, body: {code: 'REQUEST_TOO_LARGE'}});
    expect((await predict({kitchen: 'k1', distance: 1})).status, 'and goes on').toBe(200);
  });

  test('counts what it could not answer', async () => {
    const errors = async () =>
      Number(/prediction_errors_total\{model="punctuality"\} (\d+)/.exec((await ask<string>('/metrics')).body)![1]);
    const before = await errors();
    await predict<Failure>({});
    expect(await errors()).toBe(before + 1);
  });
});

describe('POST /v1/events/:stream', () => {
  test('shows an accepted event to the very next prediction', async () => {
    const late = async () => (await predict({kitchen: 'k-new', distance: 1})).body.predictions[0]!.features;
    expect(await late()).toMatchObject({late_1h: null, delay_2h: null, out_1h: 0});
    const {status, body} = await push(
      'deliveries',
      delivery('k-new', 30),
      delivery('k-new', 5),
      delivery('k-new', null),
    );
    expect(status).toBe(200);
    expect(body).toEqual({accepted: 3, duplicates: 0, rejected: [], position: small.host.runtime.log.end()});
    expect(await late()).toMatchObject({late_1h: 0.5, delay_2h: 17.5, out_1h: 3});
  });

  test('says of each event what became of it', async () => {
    const twice = delivery('k1', 3);
    const {status, body} = await push(
      'deliveries',
      twice,
      twice,
      {...delivery('k1', 3), delay: 'soon'},
      {...delivery('k1', 3), deliveredAt: '2024-01-05T10:00'},
      {...delivery('k1', 3), extra: 1},
      7,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({accepted: 1, duplicates: 1});
    expect(body.rejected.map(r => r.index)).toEqual([2, 3, 4, 5]);
    expect(body.rejected.every(r => r.message.length > 10)).toBe(true);
    expect((await push('deliveries', twice)).body).toMatchObject({accepted: 0, duplicates: 1, rejected: []});
    expect(
      (await push('orders', {orderId: 'far', kitchen: 'k1', distance: 51, orderedAt: at(1)})).body.rejected,
    ).toEqual([{index: 0, check: expect.any(String), message: expect.stringContaining('51')}]);
  });

  test('refuses a stream it does not have, and bodies that are none', async () => {
    expect(await push<Failure>('deliverys', {})).toMatchObject({
      status: 404,
      body: {code: 'STREAM_UNKNOWN', fix: expect.stringContaining('deliveries')},
    });
    for (const body of ['[]', '{"events": 3}', 'null'])
      expect(await post('/v1/events/orders', body), body).toMatchObject({status: 400, body: {code: 'REQUEST_INVALID'}});
    expect((await push<Failure>('orders', ...Array.from({length: 10_001}, () => 0))).status).toBe(400);
    expect((await push('orders')).body).toMatchObject({accepted: 0, duplicates: 0, rejected: []});
  });

  test('loses nothing that it acknowledged when the process ends', async () => {
    const kept = delivery('k-kept', 44);
    const {body} = await push('deliveries', kept, delivery('k-kept', 0));
    const seen = (await predict({kitchen: 'k-kept', distance: 1, id: 'before'})).body.predictions[0]!;
    await small.restart();
    expect(small.host.runtime.log.end()).toBe(body.position);
    const again = (await predict({kitchen: 'k-kept', distance: 1, id: 'after'})).body.predictions[0]!;
    expect(again).toEqual({...seen, id: 'after'});
    expect(again.features).toMatchObject({late_1h: 0.5, delay_2h: 22});
    expect((await push('deliveries', kept)).body).toMatchObject({accepted: 0, duplicates: 1});
    const ids: string[] = [];
    for await (const batch of small.host.runtime.predictions.served('punctuality')) ids.push(...batch.ids);
    expect(ids).toContain('before');
  });

  test('takes many pushes at once, in any order, and counts each once', async () => {
    const before = small.host.runtime.log.end();
    const batches = Array.from({length: 20}, () => Array.from({length: 10}, () => delivery('k-many', 20)));
    const answers = await Promise.all([...batches, ...batches].map(events => push('deliveries', ...events)));
    expect(answers.reduce((sum, {body}) => sum + body.accepted, 0)).toBe(200);
    expect(answers.reduce((sum, {body}) => sum + body.duplicates, 0)).toBe(200);
    expect(small.host.runtime.log.end()).toBe(before + 200);
    expect((await predict({kitchen: 'k-many', distance: 1})).body.predictions[0]!.features!.out_1h).toBe(200);
  });
});

describe('what the console reads', () => {
  test.each([
    ['/api/overview', ['project', 'clock', 'verdict', 'models', 'streams', 'openAlerts', 'stages', 'consistency']],
    ['/api/summary', ['project', 'windows', 'alerts', 'retrains', 'versions', 'plan', 'streams', 'policy']],
    ['/api/models/punctuality', ['model', 'owner', 'plan', 'plans', 'versions', 'retrains', 'policy']],
    ['/api/models/punctuality/versions/1', ['version', 'status', 'metrics', 'evaluation', 'lineage', 'artifact']],
  ])('%s has the fields of its record', async (path, fields) => {
    const {status, body} = await ask<Record<string, unknown>>(path);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(expect.arrayContaining(fields));
  });

  test('lists are lists, of what there is', async () => {
    const list = async (path: string) => {
      const {status, body} = await ask<Record<string, unknown>[]>(path);
      expect([path, status, Array.isArray(body)]).toEqual([path, 200, true]);
      return body;
    };
    expect(await list('/api/models')).toMatchObject([{model: 'punctuality', version: 1, status: 'champion'}]);
    expect((await list('/api/features')).map(f => f.name)).toEqual(
      expect.arrayContaining(['late_1h', 'queue_30m', 'km', 'hour']),
    );
    expect((await list('/api/streams')).map(stream => stream.name).sort()).toEqual(['deliveries', 'orders']);
    for (const path of ['/api/alerts', '/api/retrains', '/api/models/punctuality/windows']) await list(path);
    expect((await list('/api/models/punctuality/distributions')).map(h => h.feature)).toContain('km');
    await predict({kitchen: 'k1', distance: 2}, {kitchen: 'k1', distance: 3});
    const newest = await list('/api/models/punctuality/predictions?limit=2');
    expect(newest).toMatchObject([{version: 1, label: null, features: {km: 3}}, {features: {km: 2}}]);
    expect((await ask<Overview>('/api/overview')).body.models[0]).toMatchObject({model: 'punctuality', champion: 1});
  });

  test('distributions are of windows of the model that is named: a key for one model opens no other', async () => {
    const at = {at: 0, value: [{feature: 'km'}]};
    const kept = ['punctuality@1970-01-01T00:00:00.000Z', 'other@1970-01-01T00:00:00.000Z'];
    await small.host.runtime.metadata.write(kept.map(id => ({kind: 'window-histograms', id, ...at})));
    const status = async (id: string) =>
      (await ask(`/api/models/punctuality/distributions?window=${encodeURIComponent(id)}`)).status;
    expect([await status(kept[0]!), await status(kept[1]!)]).toEqual([200, 404]);
  });

  test.each([
    ['/api/models/nobody', 404, 'MODEL_NOT_FOUND'],
    ['/api/models/nobody/windows', 404, 'MODEL_NOT_FOUND'],
    ['/api/models/nobody/predictions', 404, 'MODEL_NOT_FOUND'],
    ['/api/models/punctuality/versions/7', 404, 'VERSION_NOT_FOUND'],
    ['/api/models/punctuality/versions/one', 400, 'REQUEST_INVALID'],
    ['/api/models/punctuality/distributions?window=none', 404, 'RECORD_NOT_FOUND'],
    ['/api/models/punctuality/windows?from=yesterday', 400, 'REQUEST_INVALID'],
    ['/api/models/punctuality/predictions?limit=-1', 400, 'REQUEST_INVALID'],
    ['/api/models/punctuality/predictions?limit=1.5', 400, 'REQUEST_INVALID'],
    ['/api/models/punctuality/windows?from=1&from=2', 400, 'REQUEST_INVALID'],
    ['/api/nothing', 404, 'ROUTE_NOT_FOUND'],
    [`/api/models/${'x'.repeat(300)}`, 404, 'ROUTE_NOT_FOUND'],
    ['/api/models/%E0%A4%A', 400, 'REQUEST_INVALID'],
  ])('%s is refused with %i %s', async (path, status, code) => {
    const answer = await raw(path);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/json/);
    expect(JSON.parse(answer.text)).toMatchObject({code, message: expect.any(String)});
  });
});

describe('GET /metrics', () => {
  test('is text that Prometheus reads', async () => {
    const {status, headers, body} = await ask<string>('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('version=0.0.4');
    const sample =
      /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="(\\.|[^"\\])*",?)*\})? (NaN|[+-]?Inf|[-+]?[0-9.]+(e[-+]?\d+)?)$/;
    for (const line of body.split('\n')) if (line !== '' && !line.startsWith('# ')) expect(line).toMatch(sample);
    const value = (name: string) =>
      Number(
        body
          .split('\n')
          .find(line => line.startsWith(`${name} `))
          ?.split(' ')
          .at(-1),
      );
    expect(value('millrace_predictions_total{model="punctuality"}')).toBe(small.host.platform!.models[0]!.predictions);
    expect(value('millrace_champion_version{model="punctuality"}')).toBe(1);
    const logged =
      value('millrace_events_total{stream="orders"}') + value('millrace_events_total{stream="deliveries"}');
    expect(logged).toBe(small.host.runtime.log.end());
    expect(body).toContain('route="/v1/models/:model/predict"');
  });
});

describe('GET /api/live', () => {
  /** Reads ticks until `enough` says so, then hangs up. */
  async function ticks(enough: (all: LiveTick[]) => boolean): Promise<LiveTick[]> {
    const stop = new AbortController();
    const answer = await fetch(`${small.server.url}/api/live`, {signal: stop.signal});
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const all: LiveTick[] = [];
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body!) {
        for (const line of decoder.decode(chunk as Uint8Array).split('\n'))
          if (line.startsWith('data: ')) all.push(JSON.parse(line.slice(6)));
        if (enough(all)) break;
      }
    } finally {
      stop.abort();
    }
    return all;
  }

  test('ticks when something changed', async () => {
    const asked = small.host.platform!.models[0]!.predictions;
    const waiting = ticks(all => all.some(tick => tick.predictions > asked));
    await predict({kitchen: 'k1', distance: 1});
    const all = await waiting;
    expect(all.length).toBeLessThanOrEqual(3);
    expect(all.at(-1)).toMatchObject({
      clock: NOW,
      predictions: asked + 1,
      events: small.host.runtime.log.end(),
      stage: null,
    });
  });

  test('has room for 64 pages; the next one is told to wait until one goes away', async () => {
    const open = Array.from({length: 64}, () => new AbortController());
    const answers = await Promise.all(open.map(({signal}) => fetch(`${small.server.url}/api/live`, {signal})));
    expect(answers.map(a => a.status)).toEqual(Array(64).fill(200));
    const refused = await ask('/api/live');
    expect(refused).toMatchObject({status: 429, body: {code: 'QUEUE_FULL'}});
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await predict({kitchen: 'k1', distance: 1})).status, 'others are not held up').toBe(200);
    open[0]!.abort();
    let status = 429;
    for (let tries = 0; status === 429 && tries < 50; tries++) {
      const stop = new AbortController();
      const answer = await fetch(`${small.server.url}/api/live`, {signal: stop.signal});
      status = answer.status;
      if (status === 429) await new Promise(resolve => setTimeout(resolve, 20));
      stop.abort();
    }
    expect(status).toBe(200);
    for (const page of open) page.abort();
  });
});

describe('the door itself', () => {
  test('closes at once, whatever pages listen', async () => {
    const page = await fetch(`${small.server.url}/api/live`);
    const started = performance.now();
    await small.restart();
    expect(performance.now() - started).toBeLessThan(5_000);
    const reader = page.body!.getReader();
    for (;;) if ((await reader.read()).done) break;
  });

  test('closes though a client never ends its request', async () => {
    const server = await startServer(small.host, {port: 0});
    const {hostname, port} = new URL(server.url);
    const slow = connect(Number(port), hostname);
    const gone = new Promise(resolve => slow.on('close', resolve).on('error', () => {}));
    slow.write(
      'POST /v1/models/punctuality/predict HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    await fetch(`${server.url}/health/live`);
    await server.close(50);
    await gone;
  }, 5_000);

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/..\\package.json',
    '//etc/passwd',
    '/.git/config',
    '/assets/%00',
  ])('gives no file outside its own: %s', async path => {
    const {status, text} = await raw(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/"dependencies"|root:|\[core\]/);
  });

  test('answers with headers that keep a browser from guessing', async () => {
    for (const path of ['/', '/health/live', '/api/overview', '/api/nothing']) {
      const {headers} = await ask(path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });

  test('listens on loopback only', async () => {
    const {hostname, port} = new URL(small.server.url);
    expect(hostname).toBe('127.0.0.1');
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter(a => a !== undefined && !a.internal && a.family === 'IPv4');
    for (const {address} of outside as {address: string}[])
      await expect(fetch(`http://${address}:${port}/health/live`)).rejects.toThrow();
  });

  test('says that a port is in use', async () => {
    const port = Number(new URL(small.server.url).port);
    const failed = await startServer(small.host, {port}).catch((error: unknown) => error);
    expect(failed).toMatchObject({code: 'PORT_IN_USE', message: `Port ${port} on 127.0.0.1 is in use.`});
    expect((failed as {fix: string}).fix).toContain('--port');
  });

  test('tells a client of its own what went wrong', async () => {
    await expect(small.server.predict('punctuality', {kitchen: 'k1', distance: 1})).resolves.toBeUndefined();
    await expect(small.server.predict('punctuality', {kitchen: 'k1'})).rejects.toThrow(/400.*distance/);
  });
});
