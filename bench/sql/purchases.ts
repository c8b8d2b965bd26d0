// A history of purchases of any size, as an archive holds it, and labels over it.
import {events} from '../../src/events/index.ts';
import {entity, featureView, lifetime, type Spine} from '../../src/features/index.ts';
import {t} from '../../src/protocol/index.ts';
import type {SqlEngine} from '../../src/stores/index.ts';

export type History = {readonly title: string; readonly skewed: boolean; readonly delayed: boolean};
export type Size = {readonly events: number; readonly labels: number; readonly keys: number};

export const HISTORIES: readonly History[] = [
  {title: 'uniform keys', skewed: false, delayed: false},
  {title: 'Zipf keys', skewed: true, delayed: false},
  {title: 'uniform keys, 10 % late by up to 1 h', skewed: false, delayed: true},
  {title: 'Zipf keys, 10 % late by up to 1 h', skewed: true, delayed: true},
];

export const SIZES = {
  full: {events: 10_000_000, labels: 1_000_000, keys: 100_000},
  small: {events: 2_000_000, labels: 200_000, keys: 20_000},
} as const satisfies Record<string, Size>;

const purchases = events('purchases', {
  schema: {id: t.string, user: t.string, amount: t.number, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '1h',
});
const user = entity('user', {user: t.string});

export const windows = featureView('windows', {
  from: purchases,
  entity: user,
  keys: {user: 'user'},
  features: a => ({
    n: a.count().over('1h', '24h', '7d'),
    total: a.sum('amount').over('1h', '24h', '7d'),
    mean: a.mean('amount').over('1h', '24h', '7d'),
  }),
});

export const latest = featureView('latest', {
  from: purchases,
  entity: user,
  keys: {user: 'user'},
  features: a => ({amount: a.last('amount').over(lifetime())}),
});

const SALTS = ['key', 'time', 'amount', 'is late', 'delay', 'label', 'label key'] as const;
type Salt = (typeof SALTS)[number];

const SPAN_MS = 30 * 86_400_000;
const START = Date.UTC(2001, 0, 1);

/** Writes the events, sorted by time as an archive keeps them, and makes the table of labels. */
export async function writeHistory(
  sql: SqlEngine,
  file: string,
  {skewed, delayed}: History,
  size: Size,
): Promise<{spine: Spine; events: string}> {
  // Hashes of two arguments that differ in one of them only are not independent of each other: of one number they are.
  const random = (salt: Salt) => `((hash(i * 8 + ${SALTS.indexOf(salt)}) >> 11) / 9007199254740992.0)`;
  // Log-uniform ranks: the k-th key has a share of 1 / k.
  const key = (salt: Salt) =>
    skewed ? `floor(pow(${size.keys}, ${random(salt)}))` : `floor(${random(salt)} * ${size.keys})`;
  const time = (salt: Salt) => `${START} + CAST(floor(${random(salt)} * ${SPAN_MS}) AS BIGINT)`;
  const delay = delayed
    ? `CASE WHEN ${random('is late')} < 0.1 THEN CAST(floor(${random('delay')} * 3600000) AS BIGINT) ELSE 0 END`
    : '0';
  const columns = `'p' || i AS _id, 'u' || CAST(${key('key')} AS INTEGER) AS user, ${time('time')} AS _time, round(${random('amount')} * 10000) AS amount, ${delay} AS delay`;
  await sql.run(
    `COPY (SELECT row_number() OVER (ORDER BY _time + delay, _id) - 1 AS _position, _id, _time, _time + delay AS _arrival, user, amount FROM (SELECT ${columns} FROM range(${size.events}) r(i)) ORDER BY _time, _id) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  await sql.run(
    `CREATE OR REPLACE TABLE spine AS SELECT row_number() OVER (ORDER BY _q, user) - 1 AS _row, NULL::BIGINT AS _position, * FROM (SELECT ${time('label')} AS _q, 'u' || CAST(${key('label key')} AS INTEGER) AS user FROM range(${size.labels}) r(i)) ORDER BY _row`,
  );
  const [row] = await sql.rows('SELECT min(_q) AS low, max(_q) AS high FROM spine');
  const spine = {table: 'spine', rows: size.labels, minTime: Number(row!.low), maxTime: Number(row!.high)};
  return {spine, events: `read_parquet('${file}')`};
}
