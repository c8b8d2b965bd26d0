// What a cut of a refreshed view costs, and a read of it beside one of the live state.
// Run: npx tsx bench/feature-cuts.ts [--full] [--rounds n]; --full: 1,000,000 keys and 5,000,000 events, else a tenth.
import {statSync} from 'node:fs';
import {join} from 'node:path';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {
  CutStore,
  featureSet,
  makeCut,
  OnlineReader,
  type RefreshedUse,
  refreshedUses,
  StreamExecutor,
  use,
} from '../src/features/index.ts';
import {seededRandom} from '../src/math/index.ts';
import {t} from '../src/protocol/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';
import type {SqlEngine} from '../src/stores/index.ts';
import {openLmdb} from '../src/stores/lmdb/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {spend} from './harness/purchases.ts';
import {options, ratesTable, report} from './harness/report.ts';

const DAY = 86_400_000;
const CUT = Date.UTC(2026, 0, 9);
const SPAN = 8 * DAY;
const READS = 200_000;

const request = {user: t.string};
const fields = {user: 'user'};
const live = featureSet('live', {request, views: [use(spend, fields)]});
const cut = featureSet('cut', {request, views: [use(spend, fields, {refresh: '1d', delay: '1h'})]});

/** Events of all keys alike, as the archive keeps them; what to write after FROM. */
async function writeEvents(sql: SqlEngine, file: string, keys: number, count: number): Promise<string> {
  const at = `${CUT - SPAN} + CAST(i * ${SPAN / count} AS BIGINT)`;
  await sql.run(
    `COPY (SELECT i AS _position, ${at} AS _time, ${at} AS _arrival, 'p-' || i AS _id, 'user-' || lpad(CAST(hash(i) % ${keys} AS VARCHAR), 7, '0') AS "user", round((hash(i * 7 + 1) % 100000) / 100.0, 2) AS amount FROM range(${count}) r(i)) TO '${file}' (FORMAT parquet)`,
  );
  return `read_parquet('${file}')`;
}

async function liveState(sql: SqlEngine, relation: string): Promise<StreamExecutor> {
  const executor = new StreamExecutor([spend]);
  executor.advanceTo(CUT);
  let position = 0;
  for await (const {count, columns} of sql.stream(
    `SELECT _time, _id, "user", amount FROM ${relation} ORDER BY _position`,
  )) {
    const times = columns._time as Float64Array;
    executor.apply({
      stream: 'purchases',
      position,
      count,
      ids: columns._id as readonly string[],
      eventTimes: times,
      arrivalTimes: times,
      columns: {user: columns.user!, amount: columns.amount!},
    });
    position += count;
  }
  return executor;
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  const [keys, count] = given.full ? [1_000_000, 5_000_000] : [100_000, 500_000];
  const folder = throwAwayFolder();
  const sql = await openDuckDb({});
  const relation = await writeEvents(sql, join(folder, 'purchases.parquet'), keys, count);
  const store = await openLmdb(join(folder, 'online'));
  const cuts = await CutStore.open(store);
  const [refreshed] = refreshedUses(cut.views) as [RefreshedUse];
  let made = 0;
  const making: Candidate = {
    name: 'a cut',
    begin: async () => ({
      work: async () => {
        const input = {sql, relation: () => relation, cut: CUT, position: count, now: CUT, seal: async () => CUT};
        made = (await makeCut(cuts, refreshed, input)).keys;
        return made;
      },
      end: () => cuts.removeGone(),
    }),
  };
  const delay = monitorEventLoopDelay({resolution: 5});
  delay.enable();
  const cost = await compare([making], {rounds: given.rounds});
  delay.disable();
  const bytes = statSync(join(folder, 'online', 'data.mdb')).size;
  const what = `${made.toLocaleString('en-US')} keys with values, ${count.toLocaleString('en-US')} events, 18 features`;
  const tables = [
    ratesTable(`A cut computed and written: ${what}`, 'keys', cost, [
      `${cost[0]!.seconds.toFixed(1)} s; the file holds ${Math.round(bytes / made)} bytes a key, for two cuts. Others waited ${Math.round(delay.percentile(99) / 1e6)} ms for their turn (99th percentile), ${Math.round(delay.max / 1e6)} ms at most.`,
    ]),
  ];
  const random = seededRandom(1);
  const users = Array.from({length: READS}, () => `user-${String(Math.floor(random() * keys)).padStart(7, '0')}`);
  const executor = await liveState(sql, relation);
  const none = new StreamExecutor([]);
  // Time goes on, so that the edges of the windows move.
  let q = CUT + DAY / 2;
  const candidate = (name: string, reader: OnlineReader, keysOf: readonly string[]): Candidate => ({
    name,
    begin: async () => ({
      work: async () => {
        for (const user of keysOf) reader.read({user}, ++q);
        return keysOf.length;
      },
    }),
  });
  const one = users.map(() => users[0]!);
  const [ofLive, ofCut] = [new OnlineReader(live, executor), new OnlineReader(cut, none, cuts)];
  tables.push(
    ratesTable(
      'One row read: 18 features, 3 windows',
      'reads',
      await compare(
        [
          candidate('live, any key', ofLive, users),
          candidate('cut, any key', ofCut, users),
          candidate('live, one key', ofLive, one),
          candidate('cut, one key', ofCut, one),
        ],
        {rounds: given.rounds},
      ),
    ),
  );
  report(tables, given);
  await store.close();
  await sql.close();
});
