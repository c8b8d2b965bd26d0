// A server that is changed and ended while people use it: nobody is turned away, and no prediction is missing in the log.
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {loadProject, openRuntime} from '../src/app/index.ts';
import {startClients} from './serving/clients.ts';
import {millrace, ServerProcess} from './serving/server-process.ts';

const CLIENTS = 8;
const SWAPS = 100;
const RESTARTS = 20;
const MODEL = 'punctuality';
let folder: string;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => probe.once('listening', listening));
  const {port} = probe.address() as {port: number};
  await new Promise(closed => probe.close(closed));
  return port;
}

/** Ids that the prediction log does not have, when no server has it open. */
async function missingInLog(answered: ReadonlyMap<string, number>): Promise<string[]> {
  const project = await loadProject(resolve(import.meta.dirname, 'projects/couriers'));
  const runtime = await openRuntime(project, {folder: join(folder, 'data'), threads: 1});
  const logged = new Set<string>();
  for await (const {ids} of runtime.predictions.served(MODEL)) for (const id of ids) logged.add(id);
  await runtime.close();
  return [...answered.keys()].filter(id => !logged.has(id));
}

async function deploy(url: string, version: number): Promise<void> {
  const answer = await fetch(`${url}/api/models/${MODEL}/deploy`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({version, reason: 'A hot swap.'}),
  });
  if (!answer.ok) throw new Error(`Deploying version ${version}: ${answer.status} ${await answer.text()}`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-serving-'));
  millrace(folder, 'ingest');
  millrace(folder, 'train', '--as-of', '2024-01-10');
  millrace(folder, 'train', '--as-of', '2024-01-12');
  millrace(folder, 'deploy', '--version', '1');
}, 120_000);
afterAll(() => rmSync(folder, {recursive: true, force: true}));

describe('a server under load', () => {
  test(`${SWAPS} hot swaps fail no request, and both versions have answered`, async () => {
    const server = await ServerProcess.start(folder, await freePort());
    const clients = startClients(`${server.url}/v1/models/${MODEL}/predict`, {
      count: CLIENTS,
      prefix: 'swaps',
      retry: false,
    });
    for (let swap = 1; swap <= SWAPS; swap++) {
      await delay(20);
      await deploy(server.url, 1 + (swap % 2));
    }
    const {answered, failures} = await clients.stop();
    await server.terminate();
    expect(failures).toEqual([]);
    expect(new Set(answered.values())).toEqual(new Set([1, 2]));
    expect(answered.size).toBeGreaterThan(SWAPS * CLIENTS);
    const lost = await missingInLog(answered);
    expect({count: lost.length, first: lost.slice(0, 3)}).toEqual({count: 0, first: []});
  });

  test(`${RESTARTS} restarts fail no request of a client that tries again, and lose no record of the log`, async () => {
    const port = await freePort();
    const clients = startClients(`http://127.0.0.1:${port}/v1/models/${MODEL}/predict`, {
      count: CLIENTS,
      prefix: 'restarts',
      retry: true,
    });
    for (let restart = 0; restart < RESTARTS; restart++) {
      const server = await ServerProcess.start(folder, port);
      const before = clients.asked.answered.size;
      while (clients.asked.answered.size < before + 200) await delay(10);
      await server.terminate();
    }
    const last = await ServerProcess.start(folder, port);
    const {answered, failures} = await clients.stop();
    await last.terminate();
    expect(failures).toEqual([]);
    expect(answered.size).toBeGreaterThan(RESTARTS * 200);
    const lost = await missingInLog(answered);
    expect({count: lost.length, first: lost.slice(0, 3)}).toEqual({count: 0, first: []});
  });
});
