import {Agent, createServer, type IncomingMessage, request, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Admission, AdmissionControl} from './admission.ts';
import {buildServer} from './build-server.ts';
import {shedLoad} from './load-shedding.ts';
import {deploy, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

/** Says what it is told to. */
class Decided extends AdmissionControl {
  next: Admission = 'take';

  override admit(): Admission {
    return this.next;
  }
}

describe('a request that is turned away', () => {
  const control = new Decided();
  const agent = new Agent({keepAlive: true, maxSockets: 1});
  let server: Server;
  beforeAll(async () => {
    server = createServer(async (asked, response) => {
      const body = await text(asked);
      response.end(`${body.length}`);
    });
    shedLoad(server, control);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    agent.destroy();
    server.close();
  });
  const post = (path: string, body: string) =>
    new Promise<{status: number; body: string; answer: IncomingMessage}>((resolve, reject) => {
      const {port} = server.address() as AddressInfo;
      const asked = request({port, host: '127.0.0.1', path, method: 'POST', agent}, async answer =>
        resolve({status: answer.statusCode!, body: await text(answer), answer}),
      );
      asked.on('error', reject);
      asked.end(body);
    });

  test('leaves its connection as it was, however large the body that nobody read', async () => {
    const sockets = new Set<unknown>();
    for (const size of [0, 100, 3_000_000]) {
      control.next = 'refuse';
      const refused = await post('/v1/models/m/predict', 'x'.repeat(size));
      expect(refused.status).toBe(429);
      expect(refused.answer.headers['retry-after']).toBe('1');
      control.next = 'take';
      const taken = await post('/v1/models/m/predict', 'y'.repeat(7));
      expect(taken).toMatchObject({status: 200, body: '7'});
      sockets.add(refused.answer.socket).add(taken.answer.socket);
    }
    expect(sockets.size).toBe(1);
  });

  test('is told so in a form that every protocol reads', async () => {
    control.next = 'refuse';
    for (const path of ['/v1/models/m/rank', '/v2/models/m/infer', '/invocations?model=m', '/models/m/invocations']) {
      const told = JSON.parse((await post(path, '{}')).body);
      expect(told).toMatchObject({code: 'QUEUE_FULL', error_code: 'REQUEST_LIMIT_EXCEEDED'});
      for (const field of ['message', 'error', 'fix']) expect(told[field]).toBeTypeOf('string');
    }
    expect((await post('/v1/features/x/read', '{}')).status).toBe(200);
  });
});

describe('a request that is taken on condition that a fallback answers it', () => {
  let small: SmallPlatform;
  let server: Awaited<ReturnType<typeof buildServer>>;
  let url = '';
  beforeAll(async () => {
    small = await smallPlatform('careful');
    await deploy(small);
    await small.open();
    server = await buildServer(small.host);
    const control = new Decided();
    control.next = 'degrade';
    shedLoad(server.server, control);
    url = await server.listen({port: 0, host: '127.0.0.1'});
  });
  afterAll(async () => {
    await server.close();
    await small.close();
  });
  const ask = async (path: string, body: unknown) => {
    const headers = {'content-type': 'application/json'};
    const answer = await fetch(url + path, {method: 'POST', headers, body: JSON.stringify(body)});
    return (await answer.json()) as never;
  };
  const [kitchen, distance] = ['k1', 0.5];

  test('is answered so over each protocol', async () => {
    const own = await ask('/v1/models/punctuality/predict', {instances: [{kitchen, distance}]});
    expect(own).toMatchObject({predictions: [{level: 'rule', skipped: [{reason: 'overload'}, {reason: 'overload'}]}]});
    const inputs = [
      {name: 'kitchen', datatype: 'BYTES', shape: [1], data: [kitchen]},
      {name: 'distance', datatype: 'FP64', shape: [1], data: [distance]},
    ];
    const open = await ask('/v2/models/punctuality/infer', {inputs, outputs: [{name: 'level'}]});
    expect(open).toMatchObject({outputs: [{name: 'level', data: ['rule']}]});
    const mlflow = await ask('/invocations', {dataframe_records: [{kitchen, distance}]});
    expect(mlflow).toMatchObject({predictions: [{level: 'rule'}]});
  });
});
