import {connect} from 'node:net';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {deploy, type SmallPlatform, smallPlatform} from '../testing/small-platform.ts';

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform();
  await deploy(small);
  await small.open();
});
afterAll(() => small.close());

const PREDICT = '/v1/models/punctuality/predict';
const INFER = '/v2/models/punctuality/infer';
const near = {kitchen: 'k1', distance: 0.5, id: 'mine'};
const tensors = [
  {name: 'kitchen', datatype: 'BYTES', shape: [1], data: ['k1']},
  {name: 'distance', datatype: 'FP64', shape: [1], data: [0.5]},
];

/** The same request by the lane, and by the router: a body in pieces has no length, so the lane leaves it. */
async function bothWays(path: string, body: string) {
  const init = {method: 'POST', headers: {'content-type': 'application/json'}};
  const pieces = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
  const answers = await Promise.all([
    fetch(small.server.url + path, {...init, body}),
    fetch(small.server.url + path, {...init, body: pieces(), duplex: 'half'} as RequestInit),
  ]);
  return Promise.all(
    answers.map(async answer => ({
      status: answer.status,
      headers: Object.fromEntries(
        [
          'content-type',
          'x-content-type-options',
          'referrer-policy',
          'retry-after',
          'inference-header-content-length',
        ].map(name => [name, answer.headers.get(name)]),
      ),
      body: Buffer.from(await answer.arrayBuffer()).toString('latin1'),
    })),
  );
}

describe('the fast lane answers as the router does', () => {
  test.each([
    ['a prediction', PREDICT, JSON.stringify({instances: [near]}), 200],
    ['with everything', PREDICT, JSON.stringify({instances: [near], explain: true, freshness: true}), 200],
    ['no JSON', PREDICT, '{"instances": [', 400],
    ['no list', PREDICT, '{}', 400],
    ['null', PREDICT, 'null', 400],
    ['a wrong field', PREDICT, JSON.stringify({instances: [{...near, distance: 'far'}]}), 400],
    ['a hostile field', PREDICT, '{"instances": [{"kitchen": "k1", "distance": 1, "__proto__": {"a": 1}}]}', 400],
    ['lists in lists', PREDICT, `{"instances": ${'['.repeat(600)}${']'.repeat(600)}}`, 400],
    ['an unknown model', '/v1/models/unknown/predict', JSON.stringify({instances: [near]}), 404],
    [
      'tensors',
      INFER,
      JSON.stringify({id: 'a', inputs: [...tensors, {name: 'id', datatype: 'BYTES', shape: [1], data: ['x']}]}),
      200,
    ],
    [
      'tensors as bytes',
      INFER,
      JSON.stringify({inputs: tensors, outputs: [{name: 'prediction', parameters: {binary_data: true}}]}),
      200,
    ],
    ['a wrong tensor', INFER, JSON.stringify({inputs: [{...tensors[0], shape: [-1]}]}), 400],
    ['tensors for nobody', '/v2/models/unknown/infer', JSON.stringify({inputs: tensors}), 404],
    ['no JSON for tensors', INFER, 'NaN', 400],
  ])('%s', async (_, path, body, status) => {
    const [lane, router] = await bothWays(path, body);
    expect(lane!.status).toBe(status);
    expect(lane).toEqual(router);
  });

  test('and is counted under the same route', async () => {
    const text = await (await fetch(`${small.server.url}/metrics`)).text();
    expect(text).toMatch(
      /millrace_http_request_seconds_count\{method="POST",route="\/v1\/models\/:model\/predict",status="200"\} [1-9]/,
    );
    expect(text.match(/# TYPE millrace_http_request_seconds /g)).toHaveLength(1);
  });

  test('a client that hangs up in the middle of its body is forgotten', async () => {
    const {port} = new URL(small.server.url);
    for (let i = 0; i < 20; i++)
      await new Promise<void>(resolve => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(
            `POST ${PREDICT} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"inst`,
          );
          setTimeout(() => socket.destroy(), 5);
        });
        socket.on('close', () => resolve());
      });
    const [lane] = await bothWays(PREDICT, JSON.stringify({instances: [near]}));
    expect(lane!.status).toBe(200);
  });

  test('bodies in many pieces are put together', async () => {
    const {port} = new URL(small.server.url);
    const body = JSON.stringify({instances: [near]});
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', async () => {
        socket.setNoDelay(true);
        socket.write(
          `POST ${PREDICT} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
        );
        for (const letter of body) {
          socket.write(letter);
          await new Promise(setImmediate);
        }
      });
      let text = '';
      socket.on('data', part => {
        text += part;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"id":"mine"');
  });
});
