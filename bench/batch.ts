// Batch prediction of flights end to end, its scoring alone, and predictions that were made beforehand.
// Run: npx tsx bench/batch.ts [--full] [--rounds n] [--json file]; 300,000 departures, with --full 3,000,000.
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {openBatchVersion} from '../src/app/batch/batch-version.ts';
import {findModel, ingestHistory, type RequestSource, type Runtime, runBatch} from '../src/app/index.ts';
import {seededRandom} from '../src/math/index.ts';
import {type ColumnData, ManualClock, t} from '../src/protocol/index.ts';
import {HybridPredictions, PrecomputedPredictions, servingPolicy} from '../src/serving/index.ts';
import {openLmdb} from '../src/stores/lmdb/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {deploy, flights, open, throwAwayFolder} from './harness/flights.ts';
import {options, ratesTable, report} from './harness/report.ts';

const EVENTS = 1_000_000;
const ENTRIES = 100_000;

/** A run into a folder of its own. */
const run = (name: string, runtime: Runtime, source: RequestSource, more: object = {}): Candidate => ({
  name,
  begin: async () => {
    const out = throwAwayFolder();
    return {
      work: async () => (await runBatch(runtime, findModel(runtime.project), {source, out, ...more})).manifest.rows,
      end: async () => rmSync(out, {recursive: true}),
    };
  },
});

/** The version alone: features that are in memory, as categories and numbers of the model. */
async function scoring(runtime: Runtime, rows: number): Promise<Candidate> {
  const version = await openBatchVersion(runtime, findModel(runtime.project));
  const random = seededRandom(5);
  const columns: Record<string, ColumnData> = {};
  for (const {name, type} of version.set.features)
    columns[name] =
      type === 'string'
        ? Array.from({length: rows}, () => `c${Math.floor(random() * 50)}`)
        : Float64Array.from({length: rows}, () => (random() < 0.1 ? Number.NaN : random() * 50));
  return {
    name: 'scoring alone, 100,000 rows at a time',
    begin: async () => ({
      work: async () => {
        version.score(columns, rows);
        return rows;
      },
    }),
  };
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  const data = await flights(given.full ? null : 300_000);
  const folder = throwAwayFolder();
  const {end} = await deploy(data, folder);
  const clock = new ManualClock(end + 86_400_000);
  const runtime = await open(data.project, folder, clock);
  await ingestHistory(runtime, data.project.sources);
  const fields = 'origin, destination, distance, zone';
  const each: RequestSource = {kind: 'query', sql: `SELECT flightId AS id, ${fields}, _time AS "at" FROM departures`};
  const atOnce: RequestSource = {kind: 'query', sql: `SELECT flightId AS id, ${fields} FROM departures`};
  const measured = await compare(
    [
      run('each departure as of its time', runtime, each),
      run('the same, with its features', runtime, each, {features: true}),
      run('all as of one time', runtime, atOnce),
      await scoring(runtime, 100_000),
    ],
    {rounds: given.rounds},
  );
  await runtime.close();

  const store = await openLmdb(join(throwAwayFolder(), 'online'));
  const schema = {user: t.string, amount: t.number, shop: t.string};
  const requests = Array.from({length: ENTRIES}, (_, i) => ({user: `user-${i}`, amount: i / 7, shop: `s${i % 50}`}));
  const table = new PrecomputedPredictions(store, {model: 'm', name: 'batch', schema});
  const entries = requests.map((request, i) => ({request, prediction: i / ENTRIES, version: 1, at: 0}));
  const policy = servingPolicy({hybrid: {times: 3, over: '1h', every: '10m'}}).hybrid!;
  const hybrid = new HybridPredictions(store, {model: 'm', schema, policy});
  const random = seededRandom(6);
  const asked = Array.from({length: EVENTS}, () => requests[Math.floor(random() ** 3 * ENTRIES)]!);
  await table.replace(entries, {madeAt: 0});
  const looked = await compare(
    [
      {
        name: 'found in the table',
        begin: async () => ({
          work: async () => {
            let sum = 0;
            for (let i = 0; i < EVENTS; i++) sum += table.get(requests[i % ENTRIES]!)!.prediction;
            if (sum === 0) throw new Error('Nothing was found.');
            return EVENTS;
          },
        }),
      },
      {
        name: 'counted as asked',
        begin: async () => ({
          work: async () => {
            for (let i = 0; i < EVENTS; i++) hybrid.asked(asked[i]!, i);
            return EVENTS;
          },
        }),
      },
      {
        name: 'written to the table',
        begin: async () => ({work: async () => (await table.replace(entries, {madeAt: 0})).entries}),
      },
    ],
    {rounds: given.rounds},
  );
  await store.close();
  report(
    [
      ratesTable(`Batch prediction of ${data.rows.toLocaleString('en-US')} flights`, 'rows', measured, [
        'Rows of the runs: requests read and checked, features computed, predicted, written as Parquet with fsync.',
      ]),
      ratesTable(`Predictions made beforehand, ${ENTRIES.toLocaleString('en-US')} requests`, 'requests', looked),
    ],
    given,
  );
});
