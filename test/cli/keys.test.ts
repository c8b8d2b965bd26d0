// Keys as people use them: made at a terminal while a server runs, sent by clients, ended, and never written down.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import type {ApiKey, AuditPage, CreatedApiKey, Scope} from '../../src/protocol/index.ts';
import {millrace, ROOT, type Running, start, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const PROJECT = join(ROOT, 'test/projects/couriers');
const on = (data: string, ...args: string[]) => [...args, '--project', PROJECT, '--data', join(folder.path, data)];

/** A command line in this process, with the key that the environment holds. */
async function run(args: string[], key = '') {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  process.env.MILLRACE_KEY = key;
  const code = await runProgram(args, terminal);
  process.exitCode = undefined;
  return {code, out, err};
}

const running: Running[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.process.kill('SIGTERM');
    await server.ended;
  }
});

async function serve(data: string, ...args: string[]) {
  const server = start(on(data, 'serve', '--port', '0', '--json', ...args), folder.path);
  running.push(server);
  await server.shows('"pid"');
  const {url, adminUrl} = JSON.parse(readFileSync(join(folder.path, data, 'server.json'), 'utf8')) as {
    url: string;
    adminUrl?: string;
  };
  return {server, url, adminUrl};
}

async function create(data: string, ...scopes: Scope[]): Promise<CreatedApiKey> {
  const flags = scopes.flatMap(scope => ['--scope', scope]);
  const {code, out, err} = await run(on(data, 'keys', 'create', scopes.join('-'), ...flags, '--json'));
  expect(code, err).toBe(0);
  return JSON.parse(out) as CreatedApiKey;
}

const status = async (url: string, token: string) =>
  (await fetch(`${url}/api/overview`, {headers: {authorization: `Bearer ${token}`}})).status;

describe('keys', () => {
  test('made, listed and ended while a server runs, are never in what it prints', async () => {
    const {server, url} = await serve('live');
    await server.shows('no key was made yet');
    expect((await fetch(`${url}/api/overview`)).status).toBe(200);

    const {token, key} = await create('live', 'read');
    expect(await status(url, token)).toBe(200);
    await expect.poll(async () => (await fetch(`${url}/api/overview`)).status, {timeout: 3_000}).toBe(401);
    expect(await status(url, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBe(401);

    const without = await run(on('live', 'models'));
    expect(without).toMatchObject({code: 1, err: expect.stringContaining('UNAUTHENTICATED')});
    expect(without.err).toContain('MILLRACE_KEY');
    expect((await run(on('live', 'models'), token)).code).toBe(0);

    expect((await run(on('live', 'keys', 'revoke', key.id))).out).toContain("Key 'read' is revoked");
    await expect.poll(() => status(url, token), {timeout: 3_000}).toBe(401);
    const listed = await run(on('live', 'keys', 'list', '--json'));
    expect((JSON.parse(listed.out) as ApiKey[])[0]).toMatchObject({name: 'read', revokedAt: expect.any(Number)});
    expect(listed.out).not.toContain(token.slice(21));

    const admin = await create('live', 'admin');
    expect((await run(['keys', 'list', '--url', url], token)).code).toBe(1);
    expect((await run(['keys', 'list', '--url', url], admin.token)).out).toContain('revoked');
    const audit = JSON.parse((await run(['audit', '--url', url, '--json'], admin.token)).out) as AuditPage;
    expect(audit.entries.map(({action}) => action)).toEqual(['key.create', 'key.revoke', 'key.create']);

    server.process.kill('SIGTERM');
    const {out, err} = await server.ended;
    for (const text of [out, err])
      for (const secret of [token, admin.token]) expect(text).not.toContain(secret.slice(21));
  });

  test('are asked for before a server listens to strangers', async () => {
    const refused = await run(on('bare', 'serve', '--host', '0.0.0.0', '--port', '0'));
    expect(refused).toMatchObject({code: 2, out: ''});
    expect(refused.err).toContain('no key yet');
    expect(refused.err).toContain('millrace keys create');
    const half = await run(on('bare', 'serve', '--tls-cert', 'a.pem'));
    expect(half).toMatchObject({code: 2, err: expect.stringContaining('--tls-cert was given alone')});
  });

  test.each([
    [['keys', 'create', 'x'], '--scope'],
    [['keys', 'create', 'x', '--scope', 'root'], 'one of predict, feedback, events, read, admin'],
    [['keys', 'create', 'x', '--scope', 'read', '--expires', 'soon'], 'such as 90d'],
    [['keys', 'create', 'x', '--scope', 'read', '--rate', '100'], 'such as 100/s'],
    [['keys', 'create', 'x', '--scope', 'admin', '--models', 'a'], 'An admin key is for everything'],
  ])('%j is refused with what is right', async (args, message) => {
    expect(await run(on('bare', ...args))).toMatchObject({code: 2, err: expect.stringContaining(message)});
  });
});

const openssl = (() => {
  try {
    execFileSync('openssl', ['version'], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!openssl)(`a server with TLS and a port for admins${openssl ? '' : ' (not run: no openssl)'}`, () => {
  const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')];
  beforeAll(() => {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
        .concat(['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'])
        .concat(['-keyout', key, '-out', cert]),
      {stdio: 'ignore'},
    );
  });

  test('is found by the command line, on the port for admins, once its certificate is trusted', async () => {
    const {url, server} = await serve('tls', '--tls-cert', cert, '--tls-key', key, '--admin-port', '0');
    await server.shows('Console, metrics and admins: https://127.0.0.1:');
    expect(url).toMatch(/^https:/);
    const distrust = await run(on('tls', 'models'));
    expect(distrust).toMatchObject({code: 5, err: expect.stringContaining('NODE_EXTRA_CA_CERTS')});
    expect(await millrace(on('tls', 'models'), folder.path, {NODE_EXTRA_CA_CERTS: cert})).toMatchObject({code: 0});
  });
});
