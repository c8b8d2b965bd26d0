import {connect} from 'node:net';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {bareServer} from './bare-server.ts';
import {isDeeperThan} from './json-bodies.ts';

const server = bareServer('Look elsewhere.');
let port: number;
beforeAll(async () => {
  server.post('/echo', request => ({got: request.body}));
  await server.listen({port: 0, host: '127.0.0.1'});
  ({port} = server.server.address() as {port: number});
});
afterAll(() => server.close());

const send = async (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') => {
  const answer = await fetch(`http://127.0.0.1:${port}/echo`, {method: 'POST', headers: {'content-type': type}, body});
  return {status: answer.status, ...((await answer.json()) as {got?: unknown; code?: string; message?: string})};
};

describe('a body', () => {
  test('that is JSON is taken, whatever is in its strings', async () => {
    const body = {a: [{b: '["{\\"'.repeat(400)}], ключ: 'é'};
    expect(await send(JSON.stringify(body))).toEqual({status: 200, got: body});
  });

  test('that is no JSON is refused, with the place', async () => {
    expect(await send('{"a": NaN}')).toMatchObject({status: 400, message: /^The body is no JSON: .*'N'/ as never});
    for (const body of ['', ' ', '{', '{} x'])
      expect(await send(body)).toMatchObject({status: 400, code: 'REQUEST_INVALID'});
  });

  test('that would reach a prototype is refused, however the key is written', async () => {
    for (const key of ['__proto__', '\\u005f_proto__', '__\\u0070roto__', '__pr\\u006fto__'])
      expect(await send(`{"a": [{"${key}": {}}]}`)).toMatchObject({status: 400, message: /__proto__/ as never});
    expect(await send('{"a": "__proto__"}')).toMatchObject({status: 200});
  });

  test('may begin with a byte order mark', async () => {
    expect(await send('\ufeff{"a": 1}')).toEqual({status: 200, got: {a: 1}});
  });

  test('of another type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'])
      expect(await send('{}', type)).toMatchObject({status: 400, message: 'Unsupported Media Type'});
  });

  test('that is no UTF-8 is refused, not changed', async () => {
    const bytes = Uint8Array.from([0x22, 0x61, 0xff, 0x22]);
    expect(await send(bytes)).toMatchObject({status: 400, message: 'The body is not UTF-8.'});
  });

  test('that is nested too deep is refused, wherever it is deep', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of [deep, `{"a": ${deep}}`, '{"a":'.repeat(100_000), `["]]]", ${deep}]`])
      expect(await send(body)).toMatchObject({status: 400, message: 'The body is nested more than 500 deep.'});
    expect(await send(`${'['.repeat(500)}${']'.repeat(500)}`)).toMatchObject({status: 200});
  });
});

describe('what is no HTTP', () => {
  const tell = (bytes: string) =>
    new Promise<string>(resolve => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.setEncoding('utf8').on('data', part => {
        text += part;
      });
      socket.on('close', () => resolve(text));
    });

  test('is refused in the shape of all errors', async () => {
    expect(await tell('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"REQUEST_INVALID"/s);
    const large = `POST /echo HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(await tell(large)).toMatch(/^HTTP\/1\.1 431 .*"code":"REQUEST_TOO_LARGE"/s);
    expect(await send('{}')).toEqual({status: 200, got: {}});
  });
});

describe('a request that trickles', () => {
  test('is given half a minute, its headers a quarter', async () => {
    const {headersTimeout, requestTimeout} = server.server;
    expect({headersTimeout, requestTimeout}).toEqual({headersTimeout: 15_000, requestTimeout: 30_000});
  });
});

describe('depth', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

  test('is that of the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(6), (value, depth) => {
        const text = JSON.stringify(value);
        expect(isDeeperThan(Buffer.from(text), depth)).toBe(depthOf(value) > depth);
      }),
    );
  });
});
