// The latest value before each label, beside Feast's own get_historical_features on the same events. One line of JSON for
// each. Needs bench/peers/setup.sh. Run: npx tsx bench/feast-join.ts [--events n] [--labels n] [--skew x]
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {events} from '../src/events/index.ts';
import {computeFeatures, entity, featureSet, featureView, lifetime, use} from '../src/features/index.ts';
import {seededRandom} from '../src/math/index.ts';
import {t} from '../src/protocol/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {writeEvents} from './peers/events.ts';

const PYTHON = resolve('.venv-peers/bin/python');
const BATCH = 100_000;

const values = events('values', {
  schema: {id: t.string, key: t.int, value: t.number, at: t.time},
  time: 'at',
  id: 'id',
});
const latest = featureView('latest', {
  from: values,
  entity: entity('thing', {key: t.int}),
  keys: {key: 'key'},
  features: a => ({value: a.last('value').over(lifetime())}),
});
const set = featureSet('latest', {request: {key: t.int}, views: [use(latest, {key: 'key'})]});

type Rows = {readonly times: Float64Array; readonly keys: Float64Array; readonly values: Float64Array};

function readRows(file: string, count: number): Rows {
  const bytes = readFileSync(file);
  const records = new Float64Array(bytes.buffer, bytes.byteOffset, count * 3);
  const column = (c: number) => Float64Array.from({length: count}, (_, i) => records[3 * i + c]!);
  return {times: column(0), keys: column(1), values: column(2)};
}

async function ours(rows: Rows, labels: number): Promise<Record<string, unknown>> {
  const sql = await openDuckDb({memoryLimit: '4GB'});
  const file = join(throwAwayFolder(), 'values.parquet');
  const count = rows.times.length;
  const int = (name: string) => ({name, type: 'int' as const, nullable: false});
  const batches = function* () {
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      const times = rows.times.subarray(from, to);
      const ids = Array.from({length: to - from}, (_, i) => `e${from + i}`);
      yield {
        count: to - from,
        columns: {
          _position: Float64Array.from({length: to - from}, (_, i) => from + i),
          _time: times,
          _arrival: times,
          _id: ids,
          key: rows.keys.subarray(from, to),
          value: rows.values.subarray(from, to),
        },
      };
    }
  };
  await sql.writeParquet(
    file,
    [
      int('_position'),
      int('_time'),
      int('_arrival'),
      {name: '_id', type: 'string', nullable: false},
      int('key'),
      {name: 'value', type: 'number', nullable: false},
    ],
    batches(),
  );
  const random = seededRandom(7);
  const [first, last] = [rows.times[0]!, rows.times[count - 1]!];
  const key = Float64Array.from({length: labels}, () => rows.keys[Math.floor(random() * count)]!);
  const q = Float64Array.from({length: labels}, () => Math.floor(first + random() * (last - first)));
  const spineFile = join(throwAwayFolder(), 'spine.parquet');
  await sql.writeParquet(
    spineFile,
    [int('_row'), int('_q'), {name: '_position', type: 'int', nullable: true}, int('key')],
    [
      {
        count: labels,
        columns: {
          _row: Float64Array.from(q, (_, i) => i),
          _q: q,
          _position: new Float64Array(labels).fill(Number.NaN),
          key,
        },
      },
    ],
  );
  await sql.run(`CREATE TABLE spine AS SELECT * FROM read_parquet('${spineFile}')`);
  const spine = {
    table: 'spine',
    rows: labels,
    minTime: q.reduce((a, b) => Math.min(a, b)),
    maxTime: q.reduce((a, b) => Math.max(a, b)),
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  const answer = await computeFeatures(set, spine, {sql, relation: () => `read_parquet('${file}')`});
  const seconds = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(cpu);
  await sql.close();
  const found = (answer.value_ever as Float64Array).reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
  return {
    bench: 'historical',
    name: 'Millrace',
    events: count,
    labels,
    rows: labels,
    found,
    seconds: Number(seconds.toFixed(2)),
    cpuSeconds: Number(((used.user + used.system) / 1e6).toFixed(2)),
    labelsPerSecond: Math.round(labels / seconds),
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}

await runCompiled(import.meta.filename, async () => {
  const {values: given} = parseArgs({
    options: {
      events: {type: 'string', default: '1000000'},
      labels: {type: 'string', default: '100000'},
      skew: {type: 'string', default: '0'},
    },
  });
  const [count, labels, skew] = [Number(given.events), Number(given.labels), Number(given.skew)];
  const file = resolve(`.millrace/bench/values-${count}-${skew}.bin`);
  writeEvents(file, {events: count, keys: 1_000_000, days: 30, skew});
  console.log(JSON.stringify(await ours(readRows(file, count), labels)));
  if (!existsSync(PYTHON)) throw new Error('Feast is not installed: run bench/peers/setup.sh first.');
  for (const engine of ['duckdb', 'dask']) {
    const script = resolve('bench/peers/feast/historical.py');
    const {stdout} = spawnSync(PYTHON, [script, file, String(count), String(labels), engine], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    console.log(stdout.trim().split('\n').at(-1));
  }
});
