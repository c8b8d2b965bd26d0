// Events per second into the live state, on one core, and what a key costs. Run: npx tsx bench/stream-ingest.ts [--full] [--rounds n]
// 1,000,000 keys by Zipf's law (exponent 1.1), six aggregates over three windows; from decoded batches to updated state.
import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {featureSet, loadCheckpoint, OnlineReader, StreamExecutor, saveCheckpoint, use} from '../src/features/index.ts';
import {seededRandom} from '../src/math/index.ts';
import {type PositionedBatch, t} from '../src/protocol/index.ts';
import {openLmdb} from '../src/stores/lmdb/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {startProfile} from './harness/profile.ts';
import {spend} from './harness/purchases.ts';
import {machine, options, ratesTable, report, type Table} from './harness/report.ts';

const KEYS = 1_000_000;
const EXPONENT = 1.1;
const BATCH = 10_000;
const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const SPAN = 8 * DAY;

const keyName = (key: number): string => `user-${String(key).padStart(7, '0')}`;

/** Ranks 0 .. n - 1, rank r with probability proportional to 1 / (r + 1)^exponent. */
function zipf(n: number, exponent: number, random: () => number): () => number {
  const bounds = new Float64Array(n);
  let sum = 0;
  for (let r = 0; r < n; r++) {
    sum += (r + 1) ** -exponent;
    bounds[r] = sum;
  }
  return () => {
    const x = random() * sum;
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle]! <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Batches as the event log hands them out: strings that repeat within a batch are one string, made anew for each. */
function batchesOf(count: number, keyOf: () => number): PositionedBatch[] {
  const random = seededRandom(7);
  const batches: PositionedBatch[] = [];
  for (let position = 0; position < count; position += BATCH) {
    const strings = new Map<number, string>();
    const user = Array.from({length: BATCH}, () => {
      const key = keyOf();
      const text = strings.get(key) ?? Buffer.from(keyName(key)).toString();
      strings.set(key, text);
      return text;
    });
    const times = Float64Array.from({length: BATCH}, (_, i) => START + Math.floor(((position + i) / count) * SPAN));
    batches.push({
      stream: 'purchases',
      position,
      count: BATCH,
      ids: Array.from({length: BATCH}, (_, i) => Buffer.from(`p-${position + i}`).toString()),
      eventTimes: times,
      arrivalTimes: times,
      columns: {user, amount: Float64Array.from({length: BATCH}, () => Math.round(random() * 1e5) / 100)},
    });
  }
  return batches;
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});
const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-stream-'));
  folders.push(folder);
  return folder;
};

async function inMemory(batches: readonly PositionedBatch[]) {
  const executor = new StreamExecutor([spend]);
  executor.advanceTo(START + SPAN);
  return {
    executor,
    work: async () => {
      for (const batch of batches) executor.apply(batch);
      return batches.length * BATCH;
    },
  };
}

async function onDisk(batches: readonly PositionedBatch[], budgetBytes: number) {
  const folder = freshFolder();
  const store = await openLmdb(folder);
  const executor = await loadCheckpoint([spend], store, undefined, {budgetBytes});
  executor.advanceTo(START + SPAN);
  const told = {checkpoints: 0, written: 0, pauseMs: 0, most: 0};
  const save = async () => {
    const started = performance.now();
    told.written += await saveCheckpoint(executor, {
      putMany: entries => {
        const writing = store.putMany(entries);
        told.pauseMs = Math.max(told.pauseMs, performance.now() - started);
        return writing;
      },
    });
    told.checkpoints++;
  };
  return {
    executor,
    store,
    folder,
    told,
    work: async () => {
      for (const batch of batches) {
        executor.apply(batch);
        told.most = Math.max(told.most, executor.meter.bytes);
        if (executor.checkpointDue) await save();
      }
      await save();
      return batches.length * BATCH;
    },
  };
}

async function ingest(batches: readonly PositionedBatch[], rounds: number): Promise<Table> {
  const disk = (name: string, budget: number): Candidate => ({
    name,
    begin: async () => {
      const {work, store} = await onDisk(batches, budget);
      return {work, end: () => store.close()};
    },
  });
  const measured = await compare(
    [
      {name: 'in memory', begin: () => inMemory(batches)},
      disk('checkpoints to LMDB, all in memory', Number.POSITIVE_INFINITY),
      disk('checkpoints to LMDB, 64 MiB of state in memory', 64 * 2 ** 20),
    ],
    {rounds, warmUp: false},
  );
  return ratesTable(`${(batches.length * BATCH).toLocaleString('en-US')} events, Zipf keys`, 'events', measured, [
    machine(),
  ]);
}

/** Bytes of a key, in memory and on disk. */
async function sizes(batches: readonly PositionedBatch[]): Promise<Table> {
  global.gc?.();
  const before = process.memoryUsage();
  const memory = await inMemory(batches);
  await memory.work();
  global.gc?.();
  const after = process.memoryUsage();
  const keys = memory.executor.views[0]!.states.size;
  const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const {work, store, folder, told, executor} = await onDisk(batches, 64 * 2 ** 20);
  await work();
  await store.close();
  const file = statSync(join(folder, 'data.mdb')).size;
  return {
    title: `What ${keys.toLocaleString('en-US')} keys with ${((batches.length * BATCH) / keys).toFixed(1)} events each cost`,
    columns: ['', 'bytes/key', 'total MB'],
    rows: [
      ['in memory, as counted', memory.executor.meter.bytes / keys, memory.executor.meter.bytes / 1e6],
      ['in memory, heap and arrays', held / keys, held / 1e6],
      ['LMDB file', file / keys, file / 1e6],
    ],
    notes: [
      `With 64 MiB: at most ${(told.most / 2 ** 20).toFixed(0)} MiB counted, ${executor.views[0]!.states.size.toLocaleString('en-US')} keys in memory at the end, ${told.checkpoints} checkpoints of ${Math.round(told.written / told.checkpoints).toLocaleString('en-US')} keys, longest pause ${told.pauseMs.toFixed(0)} ms.`,
    ],
  };
}

/** Online reads of a key with many events in its windows against one with few. */
async function reads(many: number, rounds: number): Promise<Table> {
  const store = await openLmdb(freshFolder());
  const executor = await loadCheckpoint([spend], store);
  const end = START + 7 * DAY;
  executor.advanceTo(end);
  let position = 0;
  const fill = (key: string, count: number, spanMs: number) => {
    const times = Float64Array.from({length: count}, (_, i) => end - spanMs + Math.floor((i / count) * spanMs));
    executor.apply({
      stream: 'purchases',
      position,
      count,
      ids: Array.from({length: count}, (_, i) => `${key}-${i}`),
      eventTimes: times,
      arrivalTimes: times,
      columns: {
        user: Array.from({length: count}, () => key),
        amount: Float64Array.from({length: count}, (_, i) => i % 97),
      },
    });
    position += count;
  };
  const kinds = [
    {name: '100 events, all in the last hour', count: 100, spanMs: DAY / 24},
    ...[100, 1_000, 10_000, many].map(count => ({
      name: `${count.toLocaleString('en-US')} events in 7 days`,
      count,
      spanMs: 7 * DAY,
    })),
  ];
  for (const {name, count, spanMs} of kinds) fill(name, count, spanMs);
  await saveCheckpoint(executor, store);
  const set = featureSet('bench', {request: {user: t.string}, views: [use(spend, {user: 'user'})]});
  const reader = new OnlineReader(set, executor);
  let q = end;
  const first = kinds.map(({name}) => {
    const started = performance.now();
    reader.read({user: name}, end);
    return performance.now() - started;
  });
  const READS = 50_000;
  const measured = await compare(
    kinds.map(
      ({name}): Candidate => ({
        name,
        begin: async () => ({
          work: async () => {
            const request = {user: name};
            // Time goes on, so that the edges of the windows move.
            for (let i = 0; i < READS; i++) {
              q += 1;
              reader.read(request, q);
            }
            return READS;
          },
        }),
      }),
    ),
    {rounds},
  );
  await store.close();
  return ratesTable('One key read: 18 features, 3 windows', 'reads', measured, [
    `The first read, which makes the tiles, in ms: ${kinds.map(({name}, i) => `${first[i]!.toFixed(1)} (${name})`).join(', ')}.`,
  ]);
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  if (process.env.MILLRACE_PROFILE === '1') {
    const random = seededRandom(1);
    const batches = batchesOf(3_000_000, zipf(KEYS, EXPONENT, random));
    for (const make of [() => inMemory(batches), () => onDisk(batches, 64 * 2 ** 20)]) {
      const {work} = await make();
      const stop = await startProfile();
      const started = performance.now();
      const amount = await work();
      console.log(`${Math.round(amount / ((performance.now() - started) / 1_000)).toLocaleString('en-US')} events/s`);
      for (const [name, share] of await stop(14)) console.log(`${(share * 100).toFixed(1)} % ${name}`);
    }
    return;
  }
  const batches = batchesOf(given.full ? 10_000_000 : 3_000_000, zipf(KEYS, EXPONENT, seededRandom(1)));
  const tables = [await ingest(batches, given.rounds), await sizes(batches), await reads(1_000_000, given.rounds)];
  report(tables, given);
});
