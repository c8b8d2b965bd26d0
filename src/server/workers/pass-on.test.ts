import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type RequestListener, request, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {DealtPort} from './dealt-port.ts';
import {knowClients} from './own-header.ts';
import {PassOn} from './pass-on.ts';

const TOKEN = 'a secret';
let folder = '';
let leader: Server;
let worker: Server;
let passOn: PassOn;
let port = 0;
let answer: RequestListener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pass-on-'));
  const socket = join(folder, 'leader');
  leader = createServer((asked, response) => answer(asked, response));
  knowClients(leader, TOKEN);
  await new Promise<void>(done => leader.listen(socket, done));
  passOn = new PassOn({socket, token: TOKEN}, false);
  worker = createServer((asked, response) => passOn.handle(asked, response));
  await new Promise<void>(done => worker.listen(0, '127.0.0.1', done));
  ({port} = worker.address() as AddressInfo);
});
afterEach(async () => {
  passOn.close();
  for (const server of [leader, worker]) {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
  rmSync(folder, {recursive: true, force: true});
});

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of message.setEncoding('utf8')) text += part;
  return text;
}

/** Says back what arrived. */
const echo: RequestListener = async (asked, response) => {
  const body = await textOf(asked);
  const {method, url, rawHeaders} = asked;
  response.writeHead(207, 'Many', [
    'Set-Cookie',
    'a=1',
    'set-cookie',
    'b=2',
    'connection',
    'keep-alive',
    'X-Case',
    'ö',
  ]);
  response.end(JSON.stringify({method, url, headers: rawHeaders, address: asked.socket.remoteAddress, body}));
};

test('a request and its answer arrive as they were sent, but for what concerns one connection', async () => {
  answer = echo;
  const sent = await new Promise<IncomingMessage>(done => {
    const asked = request(
      {
        port,
        method: 'PATCH',
        path: '/a%20b?q=%2F',
        headers: {
          'X-Odd': 'ÿ',
          te: 'trailers',
          'x-millrace-client': `${TOKEN}x 9.9.9.9`,
          connection: 'close, x-hop',
          'x-hop': '1',
        },
      },
      done,
    );
    asked.write('{"a":');
    asked.end('"é"}');
  });
  expect([sent.statusCode, sent.statusMessage, sent.headers['set-cookie']]).toEqual([207, 'Many', ['a=1', 'b=2']]);
  const got = JSON.parse(await textOf(sent)) as {
    method: string;
    url: string;
    headers: string[];
    address: string;
    body: string;
  };
  expect(got).toMatchObject({method: 'PATCH', url: '/a%20b?q=%2F', address: '127.0.0.1', body: '{"a":"é"}'});
  const names = got.headers.filter((_, i) => i % 2 === 0).map(name => name.toLowerCase());
  expect(names).toContain('x-odd');
  expect(names).not.toContain('te');
  expect(names).not.toContain('x-hop');
  expect(got.headers.join(' ')).not.toContain('9.9.9.9');
});

test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST'])('%s without a body is passed on without one', async method => {
  answer = echo;
  const response = await fetch(`http://127.0.0.1:${port}/x`, {method});
  expect(response.status).toBe(207);
  if (method !== 'HEAD') expect(await response.json()).toMatchObject({method, body: ''});
});

test('an address that a client claims by itself is not believed', async () => {
  answer = echo;
  const direct = await new Promise<IncomingMessage>(done =>
    request({socketPath: join(folder, 'leader'), headers: {'x-millrace-client': 'guessed 1.2.3.4'}}, done).end(),
  );
  expect(await textOf(direct)).not.toContain('"address":"1.2.3.4"');
});

test('an answer is streamed, and ends when it is told to', async () => {
  answer = (_asked, response) => {
    response.writeHead(200, {'content-type': 'text/event-stream'});
    response.write('data: 1\n\n');
  };
  const response = await fetch(`http://127.0.0.1:${port}/live`);
  const reader = response.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n');
  passOn.endStreams();
  await expect(reader.read()).rejects.toThrow();
});

test('a client that hangs up is no longer worked for', async () => {
  const gone = new Promise<void>(done => {
    answer = (asked, response) => {
      response.once('close', () => done());
      asked.resume();
    };
  });
  const hanging = new AbortController();
  const asked = fetch(`http://127.0.0.1:${port}/slow`, {signal: hanging.signal}).catch(() => {});
  setTimeout(() => hanging.abort(), 50);
  await Promise.all([gone, asked]);
});

test('when nobody leads the answer is 503 and says when to come again', async () => {
  leader.closeAllConnections();
  await new Promise(done => leader.close(done));
  const response = await fetch(`http://127.0.0.1:${port}/x`, {method: 'POST', body: 'x'.repeat(100_000)});
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toMatchObject({code: 'NOT_READY'});
});

test('a dealt port answers what nobody takes, also what comes back, and closes when that is done', async () => {
  answer = echo;
  const offered: string[] = [];
  const dealt = new DealtPort(leader, (socket, back) => {
    offered.push('offered');
    if (offered.length !== 2) return false;
    setImmediate(() => back(socket));
    return true;
  });
  const at = await dealt.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${at}/`;
  expect((await fetch(url, {headers: {connection: 'close'}})).status).toBe(207);
  expect((await fetch(url, {method: 'POST', body: 'x', headers: {connection: 'close'}})).status).toBe(207);
  expect(offered).toHaveLength(3);
  const silent = connect(at, '127.0.0.1');
  await new Promise(done => silent.once('connect', done));
  await fetch(url);
  const closed = new Promise(done => silent.once('close', done));
  silent.resume();
  await dealt.close();
  await closed;
  await expect(fetch(url)).rejects.toThrow();
});
