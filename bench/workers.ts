// Predictions with live features by `millrace serve` with 0, 1, 2 … workers: all that its processes cost together, and what
// a checkpoint four times a second costs while events come. The load generator needs a core of its own, or nearly: on two
// cores a second worker has hardly anything left to run on, so that requests per CPU-second tell more than requests/s.
// Run: npx tsx bench/workers.ts [--rounds n] [--seconds n]
import {spawn, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {median} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {options, report, type Table} from './harness/report.ts';
import {answered, end, load} from './load/run.ts';
import {processCpuSeconds} from './peers/process-cpu.ts';

const MAIN = resolve(import.meta.dirname, '../src/cli/main.js');
const PROJECT = resolve('test/projects/couriers');
const CONNECTIONS = 16;
/** Orders pushed a second in the second table. */
const EVENTS_A_SECOND = 200;
const COUNTS = [0, 1, 2];

type Measured = {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
};

function millrace(data: string, ...args: readonly string[]): void {
  const {status, stderr} = spawnSync(process.execPath, [MAIN, ...args, '--project', PROJECT, '--data', data]);
  if (status !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** Pushes orders at a steady rate until it is stopped. */
function pushing(url: string, perSecond: number) {
  let stopped = false;
  const done = (async () => {
    for (let n = 0; perSecond > 0 && !stopped; n += 10) {
      const now = new Date().toISOString();
      const events = Array.from({length: 10}, (_, i) => ({
        orderId: `${now}-${n + i}`,
        kitchen: `k${(n + i) % 8}`,
        distance: i,
        orderedAt: now,
      }));
      const body = JSON.stringify({events});
      await fetch(`${url}/v1/events/orders`, {method: 'POST', headers: {'content-type': 'application/json'}, body});
      await delay(10_000 / perSecond);
    }
  })();
  return async () => {
    stopped = true;
    await done;
  };
}

async function measure(
  data: string,
  bodies: string,
  workers: number,
  seconds: number,
  events: number,
): Promise<Measured> {
  const args = ['serve', '--port', '0', '--workers', String(workers), '--json', '--project', PROJECT, '--data', data];
  const server = spawn(process.execPath, [MAIN, ...args], {stdio: ['ignore', 'pipe', 'ignore']});
  try {
    let text = '';
    for await (const part of server.stdout!) {
      text += part;
      if (text.includes('"pid"')) break;
    }
    const {url} = JSON.parse(text) as {url: string};
    const plan = {url: `${url}/v1/models/punctuality/predict`, bodies, connections: CONNECTIONS, perSecond: null};
    const stop = pushing(url, events);
    await load({...plan, seconds: 2});
    const before = processCpuSeconds(server.pid!);
    const {count, p50Us, p99Us} = answered(await load({...plan, seconds}));
    const cpu = processCpuSeconds(server.pid!) - before;
    await stop();
    return {perSecond: count / seconds, perCpuSecond: count / cpu, p50Us, p99Us};
  } finally {
    await end(server);
  }
}

const taken = (flag: string, otherwise: number): number => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv.splice(at, 2)[1]);
};

await runCompiled(import.meta.filename, async () => {
  const seconds = taken('--seconds', 5);
  const given = options(3);
  const data = throwAwayFolder();
  millrace(data, 'ingest');
  millrace(data, 'train', '--as-of', '2024-01-10');
  millrace(data, 'deploy');
  const bodies = join(throwAwayFolder(), 'bodies.json');
  const instances = Array.from({length: 1_000}, (_, i) => ({kitchen: `k${i % 8}`, distance: (i % 80) / 10}));
  writeFileSync(bodies, JSON.stringify(instances.map(instance => JSON.stringify({instances: [instance]}))));
  const table = async (title: string, events: number): Promise<Table> => {
    const measured = new Map<number, Measured[]>(COUNTS.map(count => [count, []]));
    for (let round = 0; round < given.rounds; round++)
      for (const count of COUNTS) {
        process.stderr.write(`  ${title}, ${count} workers\n`);
        measured.get(count)!.push(await measure(data, bodies, count, seconds, events));
      }
    const middle = (of: readonly Measured[], read: (one: Measured) => number) => median(of.map(read));
    return {
      title,
      columns: ['workers', 'requests/s', 'requests per CPU-second', 'p50 ms', 'p99 ms'],
      rows: [...measured].map(([count, of]) => [
        String(count),
        middle(of, m => m.perSecond),
        middle(of, m => m.perCpuSecond),
        middle(of, m => m.p50Us) / 1_000,
        middle(of, m => m.p99Us) / 1_000,
      ]),
      notes: [`Closed loop, ${CONNECTIONS} connections, ${seconds} s; CPU-seconds of all processes of the server.`],
    };
  };
  report(
    [await table('Nothing else', 0), await table(`${EVENTS_A_SECOND} events/s come meanwhile`, EVENTS_A_SECOND)],
    given,
  );
});
