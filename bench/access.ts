// What a request costs by being asked for a key: CPU of the server, by the same requests without the guard, with it on a
// server that has no key, and with a key. Run: npx tsx bench/access.ts
import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import autocannon from 'autocannon';
import {AccessGate, ApiKeys, bitsOf} from '../src/access/index.ts';
import {Access, createKey} from '../src/app/access/access.ts';
import type {Host} from '../src/app/index.ts';
import {wallClock} from '../src/protocol/index.ts';
import {AdminPort} from '../src/server/access/admin-port.ts';
import {guardRoutes} from '../src/server/access/guard-routes.ts';
import {bareServer} from '../src/server/bare-server.ts';
import {openLibsql} from '../src/stores/libsql/index.ts';

const MODES = ['bare', 'open', 'key'] as const;
const [ROUNDS, REQUESTS, CONNECTIONS] = [8, 12_000, 8];
const PATH = '/v1/models/m/predict';

/** A server with one route that does nothing, told to its parent. */
async function serve(mode: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-access-'));
  process.once('SIGTERM', () => {
    rmSync(folder, {recursive: true});
    process.exit(0);
  });
  const access = new Access(await openLibsql(join(folder, 'metadata.db')));
  const {token} = mode === 'open' ? {token: '-'} : await createKey(access, {name: 'k', scopes: ['predict']}, 'bench');
  const server = bareServer('');
  if (mode !== 'bare') guardRoutes(server, {access} as unknown as Host, new AdminPort());
  server.post('/v1/models/:model/predict', async request => ({got: Object.keys(request.body as object).length}));
  server.get('/health/cpu', async () => process.cpuUsage());
  const url = await server.listen({port: 0, host: '127.0.0.1'});
  process.stdout.write(JSON.stringify({url, token}));
}

async function measure(): Promise<void> {
  const servers = await Promise.all(
    MODES.map(async mode => {
      const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), mode]);
      const told = await new Promise<string>(resolve =>
        child.stdout.once('data', (data: Buffer) => resolve(`${data}`)),
      );
      return {mode, child, us: [] as number[], ...(JSON.parse(told) as {url: string; token: string})};
    }),
  );
  for (let round = 0; round <= ROUNDS; round++)
    for (const {url, token, us} of servers) {
      const cpu = async () => {
        const {user, system} = (await (await fetch(`${url}/health/cpu`)).json()) as NodeJS.CpuUsage;
        return user + system;
      };
      const before = await cpu();
      const headers = {'content-type': 'application/json', authorization: `Bearer ${token}`};
      const body = '{"instances":[{"a":1.5,"b":2,"c":"k1"}]}';
      await autocannon({url: url + PATH, method: 'POST', connections: CONNECTIONS, amount: REQUESTS, headers, body});
      if (round > 0) us.push(((await cpu()) - before) / REQUESTS);
    }
  for (const {mode, us, child} of servers) {
    us.sort((a, b) => a - b);
    console.log(
      `${mode.padEnd(5)} ${us[0]!.toFixed(1)} µs a request at best, median ${us[us.length >> 1]!.toFixed(1)}`,
    );
    child.kill('SIGTERM');
  }
}

/** The judgement alone, with 1,000 keys. */
async function judge(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-access-'));
  const metadata = await openLibsql(join(folder, 'metadata.db'));
  const keys = new ApiKeys(metadata, {clock: wallClock, randomBytes});
  let token = '';
  for (let i = 0; i < 1_000; i++)
    ({token} = await keys.create({name: `k${i}`, scopes: ['predict'], models: ['m']}, 'bench'));
  const monotonicMs = () => performance.now();
  const gate = new AccessGate({clock: wallClock, monotonicMs, rate: {perSecond: 1e9, burst: 1e6}});
  gate.use(await keys.kept());
  const request = {authorization: `Bearer ${token}`, scopes: ['predict'] as const, model: 'm'};
  const wanted = bitsOf(request.scopes);
  const us: number[] = [];
  for (let round = 0; round < 10; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < 100_000; i++) gate.admit(request, wanted);
    const {user, system} = process.cpuUsage(before);
    us.push((user + system) / 100_000);
  }
  us.sort((a, b) => a - b);
  console.log(`judgement of a key, its model and its rate: ${us[5]!.toFixed(2)} µs (median of ${us.length})`);
  await metadata.close();
  rmSync(folder, {recursive: true});
}

const [, , mode] = process.argv;
if (mode !== undefined) await serve(mode);
else {
  await judge();
  await measure();
}
