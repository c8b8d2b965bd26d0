// An archive of payments over a few days, and features of them day by day.
import {join} from 'node:path';
import {EventArchive} from '../../events/index.ts';
import {type PositionedBatch, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {featureView} from '../definitions/view.ts';
import {lifetime} from '../definitions/window.ts';
import {history, payments, START, user} from './history.ts';

export const DAY = 86_400_000;
export const DAYS = {from: START, to: START + 4 * DAY};

export const recent = featureView('recent', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({
    n: a.count().over('1h', '24h'),
    total: a.sum('amount').over('24h'),
    country: a.last('country').over('2h'),
  }),
});

const ever = featureView('ever', {
  from: payments,
  entity: user,
  keys: {user: 'user'},
  features: a => ({all: a.sum('amount').over(lifetime())}),
});

const request = {user: t.string, amount: t.number};

/** Reaches back a day. */
export const daily = featureSet('daily', {
  request,
  views: [use(recent, {user: 'user'})],
  derive: x => ({share: x.amount.over(x.total_24h), from: x.country_2h.orElse('nowhere')}),
});

/** The same as of cuts: it reaches back from the cut. */
export const dailyCut = featureSet('dailyCut', {
  request,
  views: [use(recent, {user: 'user'}, {refresh: '12h', delay: '1h'})],
  derive: x => ({share: x.amount.over(x.total_24h), from: x.country_2h.orElse('nowhere')}),
});

/** Reaches back to the beginning. */
export const sinceEver = featureSet('sinceEver', {request, views: [use(ever, {user: 'user'})]});

export type Store = {
  readonly sql: SqlEngine;
  readonly archive: EventArchive;
  readonly append: (batches: readonly PositionedBatch[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openStore(folder: string): Promise<Store> {
  const sql = await openDuckDb({threads: 1});
  const log = await openSegmentLog(join(folder, 'log'));
  const archive = new EventArchive({log, sql, folder: join(folder, 'archive'), sources: [payments]});
  await archive.open();
  return {
    sql,
    archive,
    append: async batches => {
      for (const {position: _, positions: __, ...batch} of batches) await log.append(batch);
      await archive.update();
      await archive.compact();
    },
    close: async () => {
      await log.close();
      await sql.close();
    },
  };
}

export const someDays = (): PositionedBatch[] => history(61, 1_200);
