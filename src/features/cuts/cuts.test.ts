// A view as of its cuts: the double loop, the batch, plain SQL and the online read, at times around the cuts.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {ColumnData, PositionedBatch} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {LocalStore, SqlEngine} from '../../stores/index.ts';
import {openLmdb} from '../../stores/lmdb/index.ts';
import {computeFeatures} from '../batch/executor.ts';
import {type SpineRows, withSpine} from '../batch/spine-table.ts';
import {disagreements} from '../contract/agreement.ts';
import {archiveHistory} from '../contract/archived-history.ts';
import {atPayment, between, habits, history, START, spend} from '../contract/history.ts';
import {naiveFeatures} from '../contract/naive.ts';
import {naiveCut} from '../contract/naive-cut.ts';
import {type FeatureSet, featureSet, use} from '../definitions/feature-set.ts';
import {OnlineReader} from '../online/reader.ts';
import {isLatest, latestSql} from '../sql/latest-sql.ts';
import {referenceAnswers} from '../sql/reference-answers.ts';
import {StreamExecutor} from '../stream/executor.ts';
import {cutsWanted} from './cut-schedule.ts';
import {CutStore} from './cut-store.ts';
import {makeCut} from './make-cut.ts';
import {refreshedUses} from './stored-cuts.ts';

const HOUR = 3_600_000;
const END = START + 4.3 * 24 * HOUR;
const folder = mkdtempSync(join(tmpdir(), 'cuts-'));
let sql: SqlEngine;
let store: LocalStore;
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
  store = await openLmdb(join(folder, 'online'));
});
afterAll(async () => {
  await sql.close();
  await store.close();
  rmSync(folder, {recursive: true});
});

const {request} = atPayment;
/** One view with a delay, one without, one with a delay longer than its refresh; and one of them live. */
const SETS: readonly FeatureSet[] = [
  featureSet('cut', {
    request,
    views: [
      use(spend, {user: 'user'}, {refresh: '6h', delay: '1h'}),
      use(between, {user: 'user', shop: 'shop'}, {refresh: '90m'}),
      use(habits, {user: 'user'}, {refresh: '1d', delay: '30h'}),
    ],
    derive: x => ({hour: x.at.hour(x.zone), often: x.n_1h.over(x.n_3d)}),
  }),
  featureSet('mixed', {
    request,
    views: [use(spend, {user: 'user'}), use(between, {user: 'user', shop: 'shop'}, {refresh: '7h', delay: '2s'})],
    derive: x => ({hour: x.at.hour(x.zone), share: x.pairN_24h.over(x.n_24h)}),
  }),
];

type Row = {readonly user: string; readonly shop: string; readonly q: number};

/** Times all over the history, and on and beside the instants at which a cut lies or comes to be read. */
function rowsFor(set: FeatureSet, seed: number, count: number): Row[] {
  const random = seededRandom(seed);
  const pick = <V>(values: readonly V[]): V => values[Math.floor(random() * values.length)]!;
  const times = Array.from({length: count}, () => {
    const time = START + Math.floor(random() * (END - START));
    const refresh = pick(set.views.flatMap(view => view.refresh ?? []));
    const cut = Math.floor(time / refresh.everyMs) * refresh.everyMs;
    return Math.max(START, pick([time, cut, cut + refresh.delayMs]) + pick([-1, 0, 0, 1]));
  });
  return times
    .sort((a, b) => a - b)
    .map(q => ({user: pick(['busy', 'busy', 'a', 'ö', '日本', 'nobody']), shop: pick(['s', 't']), q}));
}

const spineOf = (rows: readonly Row[]): SpineRows => ({
  count: rows.length,
  q: Float64Array.from(rows, r => r.q),
  positions: new Float64Array(rows.length).fill(Number.NaN),
  request: {
    user: rows.map(r => r.user),
    shop: rows.map(r => r.shop),
    amount: new Float64Array(rows.length).fill(3),
    zone: rows.map(() => 'Europe/Athens'),
  },
});

const rowOf = (columns: Readonly<Record<string, ColumnData>>, i: number) =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[i]!]));

/** What a server would answer: events come in the order of the log, and cuts are made when they are due. */
async function served(set: FeatureSet, rows: readonly Row[], batches: readonly PositionedBatch[], events: string) {
  const cuts = await CutStore.open(store);
  const executor = new StreamExecutor(set.views.filter(v => v.refresh === undefined).map(({view}) => view));
  for (const batch of batches) executor.apply(batch);
  const reader = new OnlineReader(set, executor, cuts);
  const arrivals = batches.flatMap(({arrivalTimes}) => [...arrivalTimes]);
  let made = 0;
  const answers = [];
  for (const {user, shop, q} of rows) {
    const position = arrivals.filter(arrival => arrival <= q).length;
    for (const each of refreshedUses(set.views))
      for (const cut of cutsWanted(each.refresh, q)) {
        if (cuts.cuts(each).generations.some(generation => generation.cut === cut)) continue;
        const relation = () => events;
        await makeCut(cuts, each, {sql, relation, cut, position, now: q, seal: async () => q, mostValues: 200});
        made++;
      }
    await cuts.removeGone();
    answers.push(reader.read({user, shop, amount: 3, zone: 'Europe/Athens'}, q));
    expect(reader.isStale(q)).toBe(false);
  }
  await cuts.keepOnly([]);
  await cuts.removeGone();
  expect(made).toBeGreaterThan(10);
  return answers;
}

describe('a view as of its cuts', () => {
  test.each(SETS.map((set, i) => ({name: set.name, set, seed: 41 + i})))(
    'is the same by the loop, in batch, by SQL and online: $name, seed $seed',
    async ({set, seed}) => {
      const batches = history(seed, 900);
      const events = await archiveHistory(sql, folder, batches);
      const rows = rowsFor(set, seed, 50);
      const online = await served(set, rows, batches, events);
      await withSpine({sql, folder}, set.request, [spineOf(rows)], async spine => {
        const batch = await computeFeatures(set, spine, {sql, relation: () => events});
        for (const [i, row] of rows.entries()) {
          const live = Object.fromEntries(set.features.map(({name}, f) => [name, online[i]![f]!]));
          expect(live, `row ${i} at ${row.q}`).toEqual(rowOf(batch, i));
          for (const each of set.views) {
            const key = Object.keys(each.view.entity.keys).map(name => row[each.fields[name] as 'user' | 'shop']);
            const want = naiveFeatures(each.view, batches, {key, q: naiveCut(each, row.q)});
            expect(disagreements(each.view, live, want), `row ${i} at ${row.q}`).toEqual([]);
          }
        }
        for (const each of set.views)
          for (const feature of each.view.features) {
            const view = {...each.view, features: [feature]};
            for (const {row, value} of await referenceAnswers(sql, each, feature, spine.table, () => events))
              expect(disagreements(view, rowOf(batch, row), {[feature.name]: value}), `row ${row}`).toEqual([]);
            if (!isLatest(feature)) continue;
            for (const {_row, value} of await sql.rows(latestSql(each, feature, spine.table, events)))
              expect(disagreements(view, rowOf(batch, Number(_row)), {[feature.name]: value as string})).toEqual([]);
          }
      });
    },
  );
});
