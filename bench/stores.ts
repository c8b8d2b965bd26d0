// How fast the embedded stores are on this machine. Run: npx tsx bench/stores.ts
// One process, a throw-away folder, each figure the median of five runs. Data are made before the clock starts.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ColumnSpec, EventBatch} from '../src/protocol/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';
import type {EventLog} from '../src/stores/index.ts';
import {openLibsql} from '../src/stores/libsql/index.ts';
import {openLmdb} from '../src/stores/lmdb/index.ts';
import {openSegmentLog} from '../src/stores/segments/index.ts';

const RUNS = 5;
const root = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
let folders = 0;
const freshFolder = () => join(root, String(folders++));

type Result = {readonly name: string; readonly rate: number; readonly unit: string};
const results: Result[] = [];

/** Runs `task` on what `prepare` made, a few times; records the median of the amount per second. */
async function measure<T>(
  name: string,
  unit: string,
  prepare: () => Promise<T>,
  task: (prepared: T) => Promise<number>,
  after: (prepared: T) => Promise<void>,
): Promise<void> {
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const prepared = await prepare();
    const start = performance.now();
    const amount = await task(prepared);
    rates.push(amount / ((performance.now() - start) / 1_000));
    await after(prepared);
  }
  rates.sort((a, b) => a - b);
  results.push({name, rate: rates[RUNS >> 1]!, unit});
}

/** A flight-like batch: two numbers, a boolean, two airports; ids, event and arrival times beside. */
function flights(stream: string, count: number, from: number): EventBatch {
  const numbers = (of: (i: number) => number) => Float64Array.from({length: count}, (_, i) => of(from + i));
  const strings = (of: (i: number) => string) => Array.from({length: count}, (_, i) => of(from + i));
  return {
    stream,
    count,
    ids: strings(i => `2001-01-01-${i}-${(i * 7_919) % 1_000}`),
    eventTimes: numbers(i => 978_307_200_000 + i * 5_000),
    arrivalTimes: numbers(i => 978_307_200_000 + i * 5_000 + 40),
    columns: {
      delay: numbers(i => ((i * 31) % 200) - 60),
      distance: numbers(i => 100 + ((i * 17) % 2_500)),
      late: numbers(i => (i % 5 === 0 ? 1 : 0)),
      origin: strings(i => `A${(i * 7) % 254}`),
      destination: strings(i => `A${(i * 11) % 254}`),
    },
  };
}

async function countEvents(log: EventLog, stream?: string): Promise<number> {
  let events = 0;
  for await (const {count} of log.read(stream === undefined ? {} : {stream})) events += count;
  return events;
}

async function benchLog(size: number, batches: number): Promise<void> {
  const made = Array.from({length: Math.min(batches, 200)}, (_, i) => flights(i % 2 ? 'a' : 'd', size, i * size));
  const fill = async (log: EventLog) => {
    for (let i = 0; i < batches; i++) await log.append(made[i % made.length]!);
    return size * batches;
  };
  const close = (log: EventLog) => log.close();
  const fresh = () => openSegmentLog(freshFolder());
  await measure(`log: append, batches of ${size}`, 'events/s', fresh, fill, close);
  const folder = freshFolder();
  const filled = await openSegmentLog(folder);
  await fill(filled);
  await filled.close();
  const again = () => openSegmentLog(folder);
  await measure(
    `log: read one of two streams, batches of ${size}`,
    'events/s',
    again,
    log => countEvents(log, 'a'),
    close,
  );
  await measure(`log: read all, batches of ${size}`, 'events/s', again, log => countEvents(log), close);
  const none = async () => undefined;
  await measure(
    `log: open, batches of ${size}`,
    'frames/s',
    none,
    async () => {
      await (await again()).close();
      return batches;
    },
    none,
  );
}

async function benchDurable(): Promise<void> {
  const open = () => openSegmentLog(freshFolder(), {durability: 'disk'});
  const one = flights('a', 1, 0);
  const alone = async (log: EventLog) => {
    for (let i = 0; i < 100; i++) await log.append(one);
    return 100;
  };
  const together = async (log: EventLog) => {
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({length: 500}, () => log.append(one)));
    return 10_000;
  };
  await measure('log: append to the disk, one by one', 'appends/s', open, alone, log => log.close());
  await measure('log: append to the disk, 500 at once', 'appends/s', open, together, log => log.close());
}

async function benchLmdb(): Promise<void> {
  const entries = Array.from({length: 100_000}, (_, i) => [`origin/${i}`, new Uint8Array(120).fill(i & 0xff)] as const);
  const keys = entries.map((_, i) => entries[(i * 7_919) % entries.length]![0]);
  const open = () => openLmdb(freshFolder());
  const put = async (store: Awaited<ReturnType<typeof openLmdb>>) => {
    for (let i = 0; i < entries.length; i += 10_000) await store.putMany(entries.slice(i, i + 10_000));
    return entries.length;
  };
  await measure('LMDB: put 120 bytes, batches of 10,000', 'puts/s', open, put, store => store.close());
  const store = await open();
  await put(store);
  const opened = async () => store;
  const get = (size: number) => async () => {
    for (let i = 0; i < keys.length; i += size) await store.getMany(keys.slice(i, i + size));
    return keys.length;
  };
  const keep = async () => undefined;
  await measure('LMDB: get, 4 at a time', 'gets/s', opened, get(4), keep);
  await measure('LMDB: get, 1,000 at a time', 'gets/s', opened, get(1_000), keep);
  await store.close();
}

async function benchLibsql(): Promise<void> {
  const value = {status: 'running', parameters: {depth: 6, rate: 0.1}, metrics: {auc: 0.74, logLoss: 0.4}};
  for (const size of [1, 100]) {
    await measure(
      `libsql: write, ${size} ${size === 1 ? 'record' : 'records'} at a time`,
      'records/s',
      () => openLibsql(join(freshFolder(), 'metadata.db')),
      async store => {
        const total = size === 1 ? 5_000 : 50_000;
        for (let i = 0; i < total; i += size)
          await store.write(Array.from({length: size}, (_, k) => ({kind: 'run', id: `r${i + k}`, at: i + k, value})));
        return total;
      },
      store => store.close(),
    );
  }
}

async function benchDuckDb(): Promise<void> {
  const specs = (['number', 'int', 'time', 'number', 'bool'] as const).map(
    (type, i): ColumnSpec => ({name: `c${i}`, type, nullable: true}),
  );
  const text = ['s0', 's1'].map((name): ColumnSpec => ({name, type: 'string', nullable: true}));
  const count = 100_000;
  const numbers = Object.fromEntries(
    specs.map(({name}, k) => [name, Float64Array.from({length: count}, (_, i) => (i * (k + 3)) % 1_000)]),
  );
  const strings = Object.fromEntries(
    text.map(({name}, k) => [name, Array.from({length: count}, (_, i) => `A${(i * (k + 7)) % 254}`)]),
  );
  const batches = Array.from({length: 10}, () => ({count, columns: {...numbers, ...strings}}));
  const engine = await openDuckDb();
  const file = join(root, 'bench.parquet');
  const opened = async () => engine;
  const keep = async () => undefined;
  const write = (columns: readonly ColumnSpec[]) => async () => {
    await engine.writeParquet(file, columns, batches);
    return count * batches.length;
  };
  await measure('DuckDB: write Parquet, 5 numbers', 'rows/s', opened, write(specs), keep);
  await measure('DuckDB: write Parquet, 5 numbers and 2 texts', 'rows/s', opened, write([...specs, ...text]), keep);
  const stream = (sql: string) => async () => {
    let rows = 0;
    for await (const batch of engine.stream(sql)) rows += batch.count;
    return rows;
  };
  const ten = Array.from({length: 10}, (_, i) => `c${i % 2} + ${i} AS x${i}`).join(', ');
  await measure('DuckDB: stream 10 numbers', 'rows/s', opened, stream(`SELECT ${ten} FROM '${file}'`), keep);
  await measure('DuckDB: stream 2 short texts', 'rows/s', opened, stream(`SELECT s0, s1 FROM '${file}'`), keep);
  const long = `SELECT s0 || '-2001-01-01-' || c0 AS id FROM '${file}'`;
  await measure('DuckDB: stream 1 text of 20 bytes', 'rows/s', opened, stream(long), keep);
  await engine.close();
}

try {
  await benchLog(1, 50_000);
  await benchLog(10, 50_000);
  await benchLog(10_000, 60);
  await benchDurable();
  await benchLmdb();
  await benchLibsql();
  await benchDuckDb();
} finally {
  rmSync(root, {recursive: true, force: true});
}
const width = Math.max(...results.map(({name}) => name.length));
for (const {name, rate, unit} of results)
  console.log(`${name.padEnd(width)}  ${Math.round(rate).toLocaleString('en-US').padStart(12)} ${unit}`);
