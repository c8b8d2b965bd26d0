// Feature reads over HTTP, on the grid of feast-benchmarks: (1, 10, 100 entities) x (50, 250 features). One line of JSON
// per case: latency and rate at a fixed number of connections, CPU time of the server and of its store a request.
// Run: npx tsx bench/peers/online-read.ts [--seconds n] [--connections n] [--only name]
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {seededRandom} from '../../src/math/index.ts';
import {pinned} from '../http/child.ts';
import type {LoadOptions, LoadResult} from '../http/messages.ts';
import {startFeast} from './feast/serve.ts';
import {startMillrace} from './millrace/serve.ts';
import {processCpuSeconds} from './process-cpu.ts';
import {ENTITIES, type Target, type TargetStart} from './target.ts';

/** Servers have the first core to themselves, the load generator has the last; stores run wherever there is room. */
const SERVER_CORE = pinned ? 0 : null;
const LOAD_CORE = availableParallelism() - 1;

const TARGETS: readonly TargetStart[] = [
  {name: 'millrace', start: () => startMillrace(SERVER_CORE, 'live')},
  {name: 'millrace-redis', start: () => startMillrace(SERVER_CORE, 'redis')},
  {name: 'feast', start: () => startFeast(SERVER_CORE)},
];

const BODIES = 500;
const LOAD = resolve(import.meta.dirname, '../http/load.ts');

async function load(options: LoadOptions): Promise<LoadResult> {
  const node = [process.execPath, '--import', 'tsx', LOAD, JSON.stringify(options)];
  const [command, ...args] = pinned ? ['taskset', '-c', String(LOAD_CORE), ...node] : node;
  const child = spawn(command!, args, {stdio: ['ignore', 'pipe', 'inherit']});
  let text = '';
  child.stdout.on('data', part => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The load generator ended with ${code}.`);
  return JSON.parse(text) as LoadResult;
}

function requestBodies(target: Target, entities: number, features: number): string[] {
  const random = seededRandom(entities * 1_000 + features);
  const drawn = () => Array.from({length: entities}, () => Math.floor(random() * ENTITIES));
  return Array.from({length: BODIES}, () => target.body(drawn(), features));
}

/** The size of an answer in bytes. Throws if it is not whole. */
async function check(target: Target, body: string, entities: number, features: number): Promise<number> {
  const answer = await fetch(target.url, {method: 'POST', headers: {'content-type': 'application/json'}, body});
  const text = await answer.text();
  if (!answer.ok || !target.isComplete(text, entities, features))
    throw new Error(`${target.name} answers ${answer.status}, values are missing: ${text.slice(0, 500)}`);
  return text.length;
}

const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '5'},
    connections: {type: 'string', default: '8'},
    only: {type: 'string'},
  },
});
const seconds = Number(values.seconds);
const connections = [1, Number(values.connections)];
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-load-'));
/** Null where no request was answered in the time. */
const rounded = (value: number | null) =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

async function measure(target: Target, entities: number, features: number): Promise<void> {
  const texts = requestBodies(target, entities, features);
  const answerBytes = await check(target, texts[0]!, entities, features);
  const bodies = join(folder, 'bodies.json');
  writeFileSync(bodies, JSON.stringify(texts));
  await load({url: target.url, bodies, connections: 1, seconds: 1});
  const {pid, storePid = null} = target;
  for (const count of connections) {
    const cpu = processCpuSeconds(pid);
    const storeCpu = storePid === null ? 0 : processCpuSeconds(storePid);
    const result = await load({url: target.url, bodies, connections: count, seconds});
    const perRequest = (spent: number) => rounded((spent / result.requests) * 1e6);
    const line = {
      bench: 'online-read',
      name: target.name,
      entities,
      features,
      connections: count,
      requestsPerSecond: rounded(result.requests / result.seconds),
      rowsPerSecond: rounded((result.requests * entities) / result.seconds),
      p50Us: rounded(result.p50Us),
      p99Us: rounded(result.p99Us),
      serverCpuUs: perRequest(processCpuSeconds(pid) - cpu),
      storeCpuUs: storePid === null ? null : perRequest(processCpuSeconds(storePid) - storeCpu),
      answerBytes,
      failures: result.failures,
    };
    console.log(JSON.stringify(line));
  }
}

try {
  for (const {name, start} of TARGETS) {
    if (values.only !== undefined && values.only !== name) continue;
    const target = await start();
    try {
      for (const entities of [1, 10, 100]) for (const features of [50, 250]) await measure(target, entities, features);
    } finally {
      await target.stop();
    }
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}
