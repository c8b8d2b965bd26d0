import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {request as httpRequest} from 'node:http';
import {get as httpsGet} from 'node:https';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type AccessOptions, createKey, Host, openAccessRecords} from '../../app/index.ts';
import type {ApiKeyList, ApiKeyRequest, AuditPage, CreatedApiKey, Scope} from '../../protocol/index.ts';
import {type ServerOptions, startServer} from '../start-server.ts';
import {deploy, type SmallPlatform, smallPlatform} from '../testing/small-platform.ts';

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform();
  await small.open();
  await deploy(small);
  await small.restart();
});
afterAll(() => small.close());

type Failure = {readonly code: string; readonly message: string; readonly fix: string};

async function ask<T = Failure>(url: string, path: string, token?: string, body?: unknown, method?: string) {
  const answer = await fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
      ...(body === undefined ? {} : {'content-type': 'application/json'}),
    },
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.startsWith('application/json');
  return {status: answer.status, headers: answer.headers, text, body: (json ? JSON.parse(text) : text) as T};
}

const PREDICT = '/v1/models/punctuality/predict';
const INSTANCES = {instances: [{kitchen: 'k1', distance: 2}]};
const askHere = <T = Failure>(path: string, token?: string, body?: unknown, method?: string) =>
  ask<T>(small.server.url, path, token, body, method);

/** Another server on the same stores. */
async function another(options: Partial<ServerOptions>, access: AccessOptions = {}) {
  const host = new Host(small.host.runtime, access);
  host.platform = small.host.platform;
  return startServer(host, {port: 0, ...options});
}

const made = new Map<string, string>();
/** A key as `millrace keys create` makes it: by another opening of the same file. */
async function key(scopes: readonly Scope[], more: Partial<ApiKeyRequest> = {}): Promise<string> {
  const name = JSON.stringify([scopes, more]);
  const known = made.get(name);
  if (known !== undefined) return known;
  const records = await openAccessRecords(small.folder);
  const {token} = await createKey(records, {name: scopes.join('+'), scopes, ...more}, 'user ada');
  await records.close();
  made.set(name, token);
  return token;
}

describe('while there is no key', () => {
  test('everyone on this machine may do everything', async () => {
    expect((await askHere(PREDICT, undefined, INSTANCES)).status).toBe(200);
    expect((await askHere('/api/overview')).status).toBe(200);
    expect((await askHere<ApiKeyList>('/api/admin/keys')).body).toEqual({required: false, keys: []});
  });

  test('a server that strangers could reach does not start, unless told', async () => {
    await expect(another({hostname: '0.0.0.0'})).rejects.toMatchObject({
      code: 'USAGE',
      fix: expect.stringContaining('millrace keys create'),
    });
    await (await another({hostname: '0.0.0.0', insecure: true})).close();
    await (await another({hostname: '0.0.0.0'}, {auth: true})).close();
  });

  test('--auth asks for one all the same', async () => {
    const server = await another({}, {auth: true});
    expect((await ask(server.url, PREDICT, undefined, INSTANCES)).status).toBe(401);
    await server.predict('punctuality', INSTANCES.instances[0]!);
    await server.close();
  });

  test('nothing is changed under a name that somebody else may have given this machine', async () => {
    const {hostname, port} = new URL(small.server.url);
    const status = (host: string, path: string) =>
      new Promise<number>((resolve, reject) => {
        httpRequest({hostname, port, path, headers: {host}}, answer => {
          answer.resume();
          resolve(answer.statusCode!);
        })
          .on('error', reject)
          .end();
      });
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(await status(host, '/api/admin/keys'), host).toBe(403);
    for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, '[::1]:80'])
      expect(await status(host, '/api/admin/keys'), host).toBe(200);
    expect(await status('evil.example', '/health/live')).toBe(200);
  });

  test('rates are counted by address', async () => {
    const server = await another({}, {rate: {perSecond: 0.1, burst: 2}});
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(server.url, '/api/overview')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await ask(server.url, '/health/live')).status).toBe(200);
    await server.close();
  });

  test('the first key that is made here is an admin key, whose token is shown once; then all need one', async () => {
    const refused = await askHere('/api/admin/keys', undefined, {name: 'app', scopes: ['predict']});
    expect(refused).toMatchObject({status: 400, body: {code: 'REQUEST_INVALID', message: /first key/}});
    expect(await askHere('/api/admin/keys', undefined, {name: 'app'})).toMatchObject({status: 400});
    const answer = await askHere<CreatedApiKey>('/api/admin/keys', undefined, {name: 'ops', scopes: ['admin']});
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const {token} = answer.body;
    made.set(JSON.stringify([['admin'], {}]), token);
    expect((await askHere(PREDICT, undefined, INSTANCES)).status).toBe(401);
    const list = await askHere<ApiKeyList>('/api/admin/keys', token);
    expect(list.body).toMatchObject({required: true, keys: [{name: 'ops', createdBy: 'anyone at 127.0.0.1'}]});
    expect(list.text).not.toContain(token.slice(21));
    expect(list.text).not.toContain('hash');
  });
});

describe('once there is a key', () => {
  test('a request without one, or with a wrong one, is told how to send it', async () => {
    const predict = await key(['predict']);
    for (const token of [undefined, 'hunter2', `${predict.slice(0, -1)}${predict.endsWith('A') ? 'E' : 'A'}`]) {
      const answer = await askHere(PREDICT, token, INSTANCES);
      expect(answer).toMatchObject({
        status: 401,
        body: {code: 'UNAUTHENTICATED', message: /key/, fix: expect.stringContaining('Authorization: Bearer')},
      });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="millrace"');
      if (token !== undefined) expect(answer.text).not.toContain(token);
    }
  });

  test('health and the files of the console stay open, an unknown path is a 404', async () => {
    expect((await askHere('/health/live')).status).toBe(200);
    expect((await askHere('/health/ready')).status).toBe(200);
    expect((await askHere('/')).status).toBe(200);
    expect((await askHere('/admin')).status).toBe((await askHere('/models')).status);
    expect((await askHere('/nothing/here')).status).toBe(404);
  });

  test.each<[Scope, string, unknown]>([
    ['predict', PREDICT, INSTANCES],
    ['events', '/v1/events/orders', {events: []}],
    ['read', '/api/overview', undefined],
    ['read', '/metrics', undefined],
    ['admin', '/api/admin/audit', undefined],
    ['admin', '/api/streams/orders/quarantine/replay', {}],
  ])('the scope %s, or admin, opens %s, and no other does', async (scope, path, body) => {
    for (const other of ['predict', 'feedback', 'events', 'read', 'admin'] as const) {
      const answer = await askHere(path, await key([other]), body);
      if (other === scope || other === 'admin') expect(answer.status, `${other}: ${answer.text}`).toBe(200);
      else
        expect(answer, other).toMatchObject({
          status: 403,
          body: {code: 'FORBIDDEN', message: expect.stringContaining(`this needs ${scope}`)},
        });
    }
  });

  test('a key for one model does not open another', async () => {
    const other = await key(['predict', 'read'], {models: ['lateness']});
    expect(await askHere(PREDICT, other, INSTANCES)).toMatchObject({status: 403, body: {code: 'FORBIDDEN'}});
    expect((await askHere('/api/models/punctuality', other)).status).toBe(403);
    const own = await key(['predict'], {models: ['punctuality']});
    expect((await askHere(PREDICT, own, INSTANCES)).status).toBe(200);
  });

  test('a key past its rate is told when to come again, and others are not held up', async () => {
    const slow = await key(['predict'], {rate: {perSecond: 0.2, burst: 1}});
    expect((await askHere(PREDICT, slow, INSTANCES)).status).toBe(200);
    const answer = await askHere(PREDICT, slow, INSTANCES);
    expect(answer).toMatchObject({status: 429, body: {code: 'RATE_LIMITED', fix: expect.stringContaining('Wait 5 s')}});
    expect(answer.headers.get('retry-after')).toBe('5');
    expect((await askHere(PREDICT, await key(['predict']), INSTANCES)).status).toBe(200);
  });

  test('a key that another process makes opens at once, and closes soon after it is revoked there', async () => {
    const records = await openAccessRecords(small.folder);
    const {key: made, token} = await createKey(records, {name: 'late comer', scopes: ['read']}, 'user ada');
    expect((await askHere('/api/overview', token)).status).toBe(200);
    await records.keys.revoke(made.id);
    await records.close();
    await expect.poll(async () => (await askHere('/api/overview', token)).status, {timeout: 3_000}).toBe(401);
    expect((await askHere('/api/overview', token)).body.message).toContain('revoked');
  });

  test('a key that is revoked here closes with the answer, and the last one leaves the door closed', async () => {
    const admin = await key(['admin']);
    const {body} = await askHere<CreatedApiKey>('/api/admin/keys', admin, {name: 'app', scopes: ['predict']});
    expect((await askHere(PREDICT, body.token, INSTANCES)).status).toBe(200);
    const revoked = await askHere(`/api/admin/keys/${body.key.id}`, admin, undefined, 'DELETE');
    expect(revoked).toMatchObject({status: 200, body: {name: 'app', revokedAt: expect.any(Number)}});
    expect((await askHere(PREDICT, body.token, INSTANCES)).status).toBe(401);
    expect((await askHere('/api/admin/keys/0000000000000000', admin, undefined, 'DELETE')).status).toBe(404);
  });

  test('says when a key was used', async () => {
    const admin = await key(['admin']);
    const {body} = await askHere<ApiKeyList>('/api/admin/keys', admin);
    expect(body.keys.find(({name}) => name === 'ops')!.lastUsedAt).toBeGreaterThan(Date.now() - 120_000);
  });

  test('the audit log says who changed what, newest first, page by page, and holds no secret', async () => {
    const admin = await key(['admin']);
    await askHere('/api/streams/orders/quarantine/replay', admin, {});
    await askHere('/api/streams/nothing/quarantine/replay', admin, {});
    const {body, text} = await askHere<AuditPage>('/api/admin/audit?limit=200', admin);
    const [newest, first] = [body.entries[0]!, body.entries.at(-1)!];
    expect(newest).toMatchObject({action: 'quarantine.replay', what: 'orders', outcome: 'done'});
    expect(newest.who).toMatch(/^key ops \([0-9a-f]{16}\)$/);
    expect(first).toMatchObject({who: 'anyone at 127.0.0.1', action: 'key.create', what: 'ops', outcome: 'done'});
    expect(body.entries.some(({who, action}) => who === 'user ada' && action === 'key.create')).toBe(true);
    for (const token of made.values()) expect(text).not.toContain(token.slice(21));
    const page = await askHere<AuditPage>('/api/admin/audit?limit=2', admin);
    const next = await askHere<AuditPage>(`/api/admin/audit?limit=2&before=${page.body.next}`, admin);
    expect([...page.body.entries, ...next.body.entries]).toEqual(body.entries.slice(0, 4));
    for (const wrong of ['limit=0', 'limit=x', 'limit=1.5', 'limit=5000'])
      expect((await askHere(`/api/admin/audit?${wrong}`, admin)).status, wrong).toBe(400);
    expect((await askHere('/api/admin/audit?before=nothing', admin)).status).toBe(404);
  });

  test('a version put into production, and a model unloaded and loaded, are in it too', async () => {
    const admin = await key(['admin']);
    await deploy(small);
    const body = {version: 1, reason: `back, says ${admin}`};
    expect((await askHere('/api/models/punctuality/deploy', admin, body)).status).toBe(200);
    for (const change of ['unload', 'load'])
      expect((await askHere(`/v2/repository/models/punctuality/${change}`, admin, {})).status).toBe(200);
    expect((await askHere('/v2/repository/models/nothing/load', admin, {})).status).toBe(404);
    const {entries} = (await askHere<AuditPage>('/api/admin/audit?limit=4', admin)).body;
    expect(entries.map(({action, what, outcome}) => [action, what, outcome])).toEqual([
      ['model.load', 'nothing', 'failed'],
      ['model.load', 'punctuality', 'done'],
      ['model.unload', 'punctuality', 'done'],
      ['version.deploy', 'punctuality v1', 'done'],
    ]);
    expect(new Set(entries.map(({who}) => who))).toEqual(new Set([entries[0]!.who]));
    expect(entries.at(-1)!.detail).toEqual({reason: `back, says ${admin.slice(0, 21)}…`});
  });

  test.each([
    ['a list', []],
    ['an unknown scope', {name: 'a', scopes: ['root']}],
    ['scopes that are no list', {name: 'a', scopes: 'admin'}],
  ])('%s makes no key', async (_, body) => {
    expect(await askHere('/api/admin/keys', await key(['admin']), body)).toMatchObject({
      status: 400,
      body: {code: 'REQUEST_INVALID', problems: [expect.anything()]},
    });
  });
});

describe('a port for admins', () => {
  test('has everything; the other keeps what serves, and health', async () => {
    const server = await another({adminPort: 0});
    const admin = await key(['admin']);
    expect(new URL(server.adminUrl).hostname).toBe('127.0.0.1');
    expect(server.adminUrl).not.toBe(server.url);
    for (const path of ['/api/overview', '/metrics', '/api/admin/keys', '/', '/api/models']) {
      expect((await ask(server.url, path, admin)).status, path).toBe(404);
      expect((await ask(server.adminUrl, path, admin)).status, path).toBe(200);
    }
    expect((await ask(server.url, '/api/overview', admin)).body).toMatchObject({code: 'ROUTE_NOT_FOUND'});
    for (const url of [server.url, server.adminUrl]) {
      expect((await ask(url, PREDICT, admin, INSTANCES)).status).toBe(200);
      expect((await ask(url, '/v1/events/orders', admin, {events: []})).status).toBe(200);
      expect((await ask(url, '/health/ready')).status).toBe(200);
      expect((await ask(url, PREDICT, undefined, INSTANCES)).status).toBe(401);
    }
    // The requests of both ports are in the one set of metrics.
    expect((await ask(server.adminUrl, '/metrics', admin)).text).toMatch(
      /route="\/v1\/models\/:model\/predict",status="200"\} 2/,
    );
    await server.close();
    await expect(fetch(`${server.adminUrl}/health/live`)).rejects.toThrow();
  });

  test('is refused while somebody else has it, and nothing is left listening', async () => {
    const busy = Number(new URL(small.server.url).port);
    await expect(another({adminPort: busy})).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      fix: expect.stringContaining('--admin-port'),
    });
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

describe.skipIf(!openssl)(`TLS${openssl ? '' : ' (not run: there is no openssl)'}`, () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const certificate = (name: string) =>
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
          .concat(['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'])
          .concat(['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]),
        {stdio: 'ignore'},
      );
    certificate('own');
    certificate('other');
    execFileSync('openssl', ['pkey', '-in', at('own.key'), '-aes256', '-passout', 'pass:x', '-out', at('locked.key')]);
    writeFileSync(at('nonsense.pem'), 'nonsense');
  });
  afterAll(() => rmSync(folder, {recursive: true}));

  const secure = (url: string, token?: string) =>
    new Promise<number>((resolve, reject) => {
      const ca = readFileSync(at('own.pem'));
      httpsGet(url, {ca, headers: token === undefined ? {} : {authorization: `Bearer ${token}`}}, answer => {
        answer.resume();
        resolve(answer.statusCode!);
      }).on('error', reject);
    });

  test('is spoken on both ports to who trusts the certificate', async () => {
    const server = await another({tls: {cert: at('own.pem'), key: at('own.key')}, adminPort: 0});
    expect([server.url, server.adminUrl].map(url => new URL(url).protocol)).toEqual(['https:', 'https:']);
    expect(await secure(`${server.url}/health/ready`)).toBe(200);
    expect(await secure(`${server.adminUrl}/api/overview`)).toBe(401);
    expect(await secure(`${server.adminUrl}/api/overview`, await key(['read']))).toBe(200);
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
    await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow();
    await server.close();
  });

  test.each([
    ['missing.pem', 'own.key', 'no certificate at'],
    ['own.pem', 'missing.key', 'no key at'],
    ['.', 'own.key', 'cannot be read (EISDIR)'],
    ['nonsense.pem', 'own.key', 'no certificate in PEM'],
    ['own.pem', 'nonsense.pem', 'no private key in PEM'],
    ['own.pem', 'locked.key', 'asks for a passphrase'],
    ['own.pem', 'other.key', 'is not that of the certificate'],
    ['own.key', 'own.key', 'no certificate in PEM'],
  ])('with the certificate %s and the key %s does not start', async (cert, keyFile, message) => {
    await expect(another({tls: {cert: at(cert), key: at(keyFile)}})).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
      fix: expect.stringMatching(/./),
    });
  });
});
