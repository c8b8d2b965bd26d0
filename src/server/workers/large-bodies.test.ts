import {createServer, type Server} from 'node:http';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {bareServer} from '../bare-server.ts';
import {PassOn} from './pass-on.ts';

const socket = join(tmpdir(), `large-bodies-${process.pid}.sock`);
const leader = bareServer('Look elsewhere.');
const alone = bareServer('Look elsewhere.');
const passOn = new PassOn({socket, token: 't'} as ConstructorParameters<typeof PassOn>[0], false);
let worker: Server;
let port: number;
let alonePort: number;
beforeAll(async () => {
  leader.post('/echo', request => ({got: request.body}));
  await leader.listen({path: socket});
  alone.post('/echo', request => ({got: request.body}));
  await alone.listen({port: 0});
  alonePort = (alone.server.address() as {port: number}).port;
  worker = createServer((request, response) => passOn.handle(request, response));
  await new Promise<void>(resolve => worker.listen(0, '127.0.0.1', resolve));
  ({port} = worker.address() as {port: number});
});
afterAll(async () => {
  passOn.close();
  worker.close();
  await leader.close();
  await alone.close();
});

/** What comes back until the connection ends; `body` is all that is sent. */
const tell = (length: number, body: string) =>
  new Promise<string>(resolve => {
    let text = '';
    const client = connect(port, '127.0.0.1', () => {
      client.write(
        `POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
      );
      client.write(body);
    });
    client.setEncoding('utf8').on('data', part => {
      text += part;
      if (text.endsWith('}')) client.end();
    });
    client.on('error', () => {}).on('close', () => resolve(text));
  });

test('a body that is too large is refused as the process that leads refuses it, at once', async () => {
  const large = 4 * 1_024 * 1_024 + 1;
  for (const body of ['', '{', ' '.repeat(large)])
    expect(await tell(large, body)).toMatch(/^HTTP\/1\.1 413 .*REQUEST_TOO_LARGE/s);
  expect(await tell(8, '{"a": 1}')).toMatch(/^HTTP\/1\.1 200 .*\{"got":\{"a":1\}\}$/s);
}, 5_000);

test.each(['a server', 'a worker'])(
  '%s answers a client that writes on before it reads',
  async who => {
    const client = connect(who === 'a worker' ? port : alonePort, '127.0.0.1').pause();
    const text = new Promise<string>((resolve, reject) => {
      let got = '';
      client.setEncoding('utf8').on('data', part => {
        got += part;
      });
      client.once('error', reject).once('end', () => resolve(got));
      client.pause();
    });
    client.write('POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 5000000\r\n\r\n');
    for (let sent = 0; sent < 5; sent++) {
      await delay(50);
      client.write(' '.repeat(1_000_000));
    }
    await delay(50);
    client.resume();
    expect(await text).toMatch(/^HTTP\/1\.1 413 .*REQUEST_TOO_LARGE/s);
  },
  5_000,
);
