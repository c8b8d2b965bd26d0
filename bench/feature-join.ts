// Features of many labels from many events: exact windows beside the SQL that one would write by hand, and the latest
// value beside DuckDB's ASOF JOIN. Results are compared before anything is timed.
// Run: npx tsx bench/feature-join.ts [--full] [--only uniform] [--rounds n]; --full: 10 million events, 1 million labels.
import {join} from 'node:path';
import {computeFeatures, type FeatureSet, featureSet, type Spine, use} from '../src/features/index.ts';
import {t} from '../src/protocol/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';
import type {SqlEngine} from '../src/stores/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {options, ratesTable, report, type Table} from './harness/report.ts';
import {HISTORIES, type History, latest, SIZES, type Size, windows, writeHistory} from './sql/purchases.ts';
import {asOfJoin, framesOf, framesOfDelayed} from './sql/purchases-sql.ts';
import {collect, largestDifference} from './sql/spine.ts';

const setOf = (view: typeof windows | typeof latest): FeatureSet =>
  featureSet(view.name, {request: {user: t.string}, views: [use(view as typeof latest, {user: 'user'})]});

/** Millrace and one query that gives the same columns. */
async function beside(sql: SqlEngine, set: FeatureSet, spine: Spine, events: string, name: string, query: string) {
  const ours = () => computeFeatures(set, spine, {sql, relation: () => events});
  const theirs = () => collect(sql, spine.rows, [query]);
  const difference = largestDifference(await ours(), await theirs());
  if (!(difference <= 1e-9)) throw new Error(`${name} differs by ${difference}.`);
  const candidate = (called: string, work: () => Promise<unknown>): Candidate => ({
    name: called,
    begin: async () => ({work: () => work().then(() => spine.rows)}),
  });
  return [candidate('Millrace', ours), candidate(name, theirs)];
}

async function tablesOf(history: History, size: Size, rounds: number): Promise<Table[]> {
  const sql = await openDuckDb({memoryLimit: '4GB'});
  const file = join(throwAwayFolder(), 'purchases.parquet');
  const {spine, events} = await writeHistory(sql, file, history, size);
  const what = `${size.labels.toLocaleString('en-US')} labels, ${size.events.toLocaleString('en-US')} events, ${history.title}`;
  const frames = history.delayed
    ? ['SQL: RANGE frames, less what had not arrived', framesOfDelayed(events)]
    : ['SQL: union, RANGE frames', framesOf(events)];
  const tables = [
    ratesTable(
      `Count, sum and mean over 1h, 24h and 7d: ${what}`,
      'labels',
      await compare(await beside(sql, setOf(windows), spine, events, frames[0]!, frames[1]!), {rounds, warmUp: false}),
    ),
  ];
  if (!history.delayed)
    tables.push(
      ratesTable(
        `Latest value: ${what}`,
        'labels',
        await compare(await beside(sql, setOf(latest), spine, events, 'SQL: ASOF JOIN', asOfJoin(events)), {
          rounds,
          warmUp: false,
        }),
      ),
    );
  await sql.close();
  return tables;
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  const tables: Table[] = [];
  for (const history of HISTORIES.filter(({title}) => title.includes(given.only)))
    tables.push(...(await tablesOf(history, given.full ? SIZES.full : SIZES.small, given.rounds)));
  report(tables, given);
});
