import {createServer, type RequestListener, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {type LiveTick, MillraceError} from '../protocol/index.ts';
import {createClient} from './client.ts';
import {ClientError} from './client-error.ts';
import type {LiveState} from './live.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener, port = 0): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server | undefined): Promise<void> {
  server?.closeAllConnections();
  await new Promise(resolve => server?.close(resolve));
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(stop));
});

const tick = (revision: number): LiveTick => ({
  clock: 0,
  predictions: revision,
  predictionsPerSecond: 0,
  events: 0,
  stage: null,
  revision,
});

describe('the client', () => {
  it('asks for the path and query of each endpoint, with names encoded', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('[]');
    });
    const client = createClient({url: `${url}/`});
    await client.overview();
    await client.version('late flights', 3);
    await client.windows('m', {from: 5});
    await client.distributions('m', {window: 'w/1'});
    await client.predictions('m', {limit: 10});
    await client.summary();
    expect(seen).toEqual([
      'GET /api/overview',
      'GET /api/models/late%20flights/versions/3',
      'GET /api/models/m/windows?from=5',
      'GET /api/models/m/distributions?window=w%2F1',
      'GET /api/models/m/predictions?limit=10',
      'GET /api/summary',
    ]);
  });

  it('loads and unloads models, and understands how their protocol refuses', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      if (request.url?.endsWith('/unload')) response.writeHead(422).end('{"error": "The file is no ONNX model."}');
      else response.end();
    });
    const client = createClient({url});
    expect(await client.loadModel('a/b')).toBeUndefined();
    await expect(client.unloadModel('a/b')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: 'The file is no ONNX model.',
    });
    expect(seen).toEqual(['POST /v2/repository/models/a%2Fb/load', 'POST /v2/repository/models/a%2Fb/unload']);
  });

  it('sends its key with every call, the live stream included, and none while it has none', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(({method, url: path, headers}, response) => {
      seen.push(`${method} ${path} ${headers.authorization}`);
      response.end('{}');
    });
    let key: string | null = null;
    const client = createClient({url, key: () => key});
    await client.overview();
    key = 'mrk_1';
    await client.predict('m', {instances: []});
    await client.revokeKey('a/b');
    const live = client.live({onTick: () => {}});
    await expect.poll(() => seen.length).toBe(4);
    live.close();
    await createClient({url, key: 'mrk_2'}).audit({limit: 5});
    await createClient({url, key: ''}).keys();
    expect(seen).toEqual([
      'GET /api/overview undefined',
      'POST /v1/models/m/predict Bearer mrk_1',
      'DELETE /api/admin/keys/a%2Fb Bearer mrk_1',
      'GET /api/live Bearer mrk_1',
      'GET /api/admin/audit?limit=5 Bearer mrk_2',
      'GET /api/admin/keys undefined',
    ]);
  });

  it('posts instances and events as JSON and gives back the parsed answer', async () => {
    const bodies: unknown[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      bodies.push([request.url, request.headers['content-type'], JSON.parse(body)]);
      response.end(JSON.stringify({model: 'm', predictions: []}));
    });
    const client = createClient({url});
    expect(await client.predict('m', {instances: [{origin: 'JFK'}]})).toEqual({model: 'm', predictions: []});
    await client.pushEvents('arrivals', [{id: '1'}]);
    expect(bodies).toEqual([
      ['/v1/models/m/predict', 'application/json', {instances: [{origin: 'JFK'}]}],
      ['/v1/events/arrivals', 'application/json', {events: [{id: '1'}]}],
    ]);
  });

  it("rejects with the server's own code, message, fix and problems", async () => {
    const sent = new MillraceError('REQUEST_INVALID', 'The field origin is missing.', {
      fix: 'Send origin.',
      problems: [{path: '/instances/0/origin', message: 'is missing'}],
    });
    const url = await serve((_request, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify(sent));
    });
    const failure = await createClient({url})
      .overview()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ClientError);
    expect(failure).toMatchObject({
      code: sent.code,
      message: sent.message,
      fix: sent.fix,
      problems: sent.problems,
      status: 400,
    });
  });

  it('says so when the answer is not of this API', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/api/alerts') response.statusCode = 502;
      response.end('<html>');
    });
    const client = createClient({url});
    await expect(client.alerts()).rejects.toMatchObject({code: 'ANSWER_INVALID', status: 502});
    await expect(client.overview()).rejects.toMatchObject({code: 'ANSWER_INVALID', status: 200});
  });

  it('rejects with UNREACHABLE and the address when nothing listens', async () => {
    const url = await serve(() => undefined);
    await stop(servers.pop());
    const failure = await createClient({url})
      .overview()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'UNREACHABLE',
      status: null,
      message: `No answer came from ${url}/api/overview.`,
    });
  });
});

describe('the live stream', () => {
  it('reports ticks, a break, and reconnects to a server that came back', async () => {
    let connections = 0;
    const url = await serve((_request, response) => {
      connections++;
      response.writeHead(200, {'content-type': 'text/event-stream'});
      response.write(`data: ${JSON.stringify(tick(connections))}\n\n`);
      if (connections === 1) setTimeout(() => response.destroy(), 10);
    });
    const states: LiveState[] = [];
    const reasons: (string | undefined)[] = [];
    const second = await new Promise<LiveTick>(resolve => {
      const subscription = createClient({url}).live({
        retryMs: [1],
        onState: (state, reason) => {
          states.push(state);
          if (state === 'broken') reasons.push(reason?.code);
        },
        onTick: got => {
          if (got.revision < 2) return;
          subscription.close();
          resolve(got);
        },
      });
    });
    expect(second).toEqual(tick(2));
    expect(states).toEqual(['connecting', 'open', 'broken', 'connecting', 'open']);
    expect(reasons).toEqual(['UNREACHABLE']);
  });

  it('keeps trying while the server refuses, and is silent once closed', async () => {
    let connections = 0;
    const url = await serve((_request, response) => {
      connections++;
      response.statusCode = 503;
      response.end(JSON.stringify(new MillraceError('NOT_READY', 'Still starting.')));
    });
    const codes: (string | undefined)[] = [];
    await new Promise<void>(resolve => {
      const subscription = createClient({url}).live({
        retryMs: [1],
        onTick: () => undefined,
        onState: (state, reason) => {
          if (state === 'broken') codes.push(reason?.code);
          if (codes.length < 3) return;
          subscription.close();
          resolve();
        },
      });
    });
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(codes).toEqual(['NOT_READY', 'NOT_READY', 'NOT_READY']);
    expect(connections).toBe(3);
  });
});
