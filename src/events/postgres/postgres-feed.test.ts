import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {type JsonValue, ManualClock, type MillraceError, type Schema, t} from '../../protocol/index.ts';
import type {EventLog, MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import type {FeedBatch} from '../follow/feed.ts';
import {type Following, follow} from '../follow/follow.ts';
import {EventGate} from '../gate/gate.ts';
import {type PostgresOptions, type PostgresOrigin, postgresTable} from '../origin.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events, type Source} from '../source.ts';
import {openPostgresFeed} from './index.ts';
import {Cluster, missing, PASSWORD} from './testing/cluster.ts';

if (missing !== null) console.warn(`Tests with PostgreSQL are not run: ${missing}.`);

type Followed = Source & {from: PostgresOrigin};
const SCHEMA = {id: t.string, at: t.time};
const NOW = Date.UTC(2024, 5, 1);

function sourceOf(options: Partial<PostgresOptions>, schema: Schema = SCHEMA): Followed {
  const from = postgresTable({connection: {env: 'DB'}, cursor: 'seq', poll: '10ms', ...options});
  return events('trips', {schema, time: 'at' as never, id: 'id' as never, from}) as Followed;
}

describe.skipIf(missing !== null)('a table of PostgreSQL', () => {
  let cluster: Cluster;
  let controller: AbortController;
  let table = 0;
  beforeAll(async () => {
    cluster = await Cluster.create();
  });
  afterAll(() => cluster?.remove());
  beforeEach(() => {
    controller = new AbortController();
    table++;
  });
  afterEach(() => controller.abort());

  const feedOf = (source: Followed, address = cluster.address) =>
    openPostgresFeed({source, connections: {DB: address}});

  /** Reads until the feed has nothing new and came so far; all batches that hold rows. */
  async function readTo(source: Followed, rows: number, from: JsonValue | null = null) {
    const batches: FeedBatch[] = [];
    let count = 0;
    let last: JsonValue = from;
    for await (const batch of feedOf(source).stream(from, controller.signal)) {
      last = batch.checkpoint;
      count += batch.columns.count;
      if (batch.columns.count > 0) batches.push(batch);
      else if (count >= rows) break;
    }
    const ids = batches.flatMap(({columns}) => columns.columns.id as string[]);
    return {ids, batches, checkpoint: last};
  }

  async function failure(source: Followed, address?: string): Promise<MillraceError> {
    try {
      for await (const _ of feedOf(source, address).stream(null, controller.signal)) expect.fail('It was read.');
    } catch (error) {
      return error as MillraceError;
    }
    return expect.fail('It ended.');
  }

  test('rows with equal cursors are neither lost nor doubled, whatever the size of a page', async () => {
    await cluster.run(`
      CREATE TABLE t${table} (id text, at timestamptz, seq bigint);
      INSERT INTO t${table} SELECT 'e' || lpad(i::text, 3, '0'), to_timestamp(i), i / 7 FROM generate_series(0, 49) i`);
    const want = Array.from({length: 50}, (_, i) => `e${String(i).padStart(3, '0')}`);
    for (const pageRows of [1, 2, 3, 7, 50, 51]) {
      const {ids, batches} = await readTo(sourceOf({table: `t${table}`, pageRows, lag: 0}), 50);
      expect(ids, `pages of ${pageRows}`).toEqual(want);
      expect(Math.max(...batches.map(({columns}) => columns.count))).toBeLessThanOrEqual(pageRows);
    }
  });

  test('a timestamp with microseconds is a cursor that goes on exactly', async () => {
    await cluster.run(`
      CREATE TABLE t${table} (id uuid PRIMARY KEY, at timestamptz NOT NULL);
      INSERT INTO t${table} SELECT gen_random_uuid(), timestamptz '2024-05-01T00:00:00.000001Z' + i % 9 * interval '1 microsecond'
        FROM generate_series(1, 100) i`);
    const {ids, checkpoint} = await readTo(sourceOf({table: `public.t${table}`, cursor: 'at', pageRows: 4}), 100);
    expect(new Set(ids).size).toBe(100);
    expect(ids).toHaveLength(100);
    expect(checkpoint).toMatchObject({cursor: '2024-05-01 00:00:00.000009+00', history: null});
  });

  test('what was there before is history, what comes later is live, and a checkpoint goes on after it', async () => {
    await cluster.run(`
      CREATE TABLE t${table} (id text, at timestamptz, seq serial);
      INSERT INTO t${table} VALUES ('a', '2024-01-01T00:00:00Z'), ('b', '2024-01-02T00:00:00Z')`);
    const source = sourceOf({table: `t${table}`, lag: 0});
    const first = await readTo(source, 2);
    expect(first.batches.map(({arrival}) => arrival)).toEqual(['history']);
    await cluster.run(`INSERT INTO t${table} VALUES ('c', '2024-01-03T00:00:00Z')`);
    const second = await readTo(source, 1, first.checkpoint);
    expect(second.ids).toEqual(['c']);
    expect(second.batches.map(({arrival}) => arrival)).toEqual(['live']);
  });

  test('a transaction that commits behind what was read is seen within the lag, and no row is given twice', async () => {
    await cluster.run(`CREATE TABLE t${table} (id text, at timestamptz, seq serial)`);
    const slow = await cluster.connect();
    await slow.query('BEGIN');
    await slow.query(`INSERT INTO t${table} VALUES ('slow', now())`);
    await cluster.run(`INSERT INTO t${table} SELECT 'fast' || i, now() FROM generate_series(1, 9) i`);
    const ids: string[] = [];
    let committed = false;
    let polls = 0;
    const source = sourceOf({table: `t${table}`, lag: 100, pageRows: 4});
    for await (const {columns} of feedOf(source).stream(null, controller.signal)) {
      ids.push(...(columns.columns.id as string[]));
      if (ids.length === 9 && !committed) {
        committed = true;
        await slow.query('COMMIT');
      }
      if (ids.length === 10 && ++polls > 5) break;
    }
    await slow.end();
    expect(ids.at(-1)).toBe('slow');
    expect(new Set(ids).size).toBe(10);
    expect(ids).toHaveLength(10);
  });

  test('values come as the types of the schema, and names are only names', async () => {
    await cluster.run(`
      CREATE TYPE mood${table} AS ENUM ('good', 'bad');
      CREATE TABLE "a ""b"" $1 t${table}" (id bigint, "at" timestamp, "n;" numeric, f real, "big" bigint, ok boolean, day date,
        ms bigint, m mood${table}, "do""m" text, seq serial, unused json);
      INSERT INTO "a ""b"" $1 t${table}" VALUES
        (1, '2024-01-01 00:00:00.0019', 12.50, 1.5, 9007199254740991, true, '2024-01-02', 5, 'bad', 'x', 1),
        (2, 'infinity', NULL, 'NaN', NULL, false, NULL, NULL, NULL, NULL, 2),
        (3, '1969-12-31 23:59:59.9995', '-1e-3', '-Infinity', -3, NULL, NULL, NULL, NULL, '', 3)`);
    const schema = {
      id: t.string,
      at: t.time,
      'n;': t.number.orNull(),
      f: t.number.orNull(),
      big: t.int.orNull(),
      ok: t.bool.orNull(),
      day: t.time.orNull(),
      ms: t.time.orNull(),
      m: t.string.orNull(),
      'do"m': t.string.orNull(),
    };
    const {batches} = await readTo(sourceOf({table: `a "b" $1 t${table}`}, schema), 3);
    const {columns} = batches[0]!.columns;
    expect(Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, [...data]]))).toEqual({
      id: ['1', '2', '3'],
      at: [Date.UTC(2024, 0, 1) + 1, Number.POSITIVE_INFINITY, -1],
      'n;': [12.5, Number.NaN, -0.001],
      f: [1.5, Number.NaN, Number.NEGATIVE_INFINITY],
      big: [9_007_199_254_740_991, Number.NaN, -3],
      ok: [1, 0, Number.NaN],
      day: [Date.UTC(2024, 0, 2), Number.NaN, Number.NaN],
      ms: [5, Number.NaN, Number.NaN],
      m: ['bad', null, null],
      'do"m': ['x', null, ''],
    });
  });

  test('a query is followed as a table is, and cannot write', async () => {
    await cluster.run(`
      CREATE TABLE t${table} (a int, b timestamptz, c int);
      INSERT INTO t${table} VALUES (1, now(), 10), (2, now(), 20)`);
    const query = `SELECT a::text AS id, b AS "at", c AS seq FROM t${table} WHERE c > 10 -- only these`;
    expect((await readTo(sourceOf({query}), 1)).ids).toEqual(['2']);
    await cluster.run(`CREATE FUNCTION f${table}() RETURNS int LANGUAGE sql AS 'DELETE FROM t${table} RETURNING 1'`);
    const writing = `SELECT 'x' AS id, now() AS "at", f${table}() AS seq`;
    expect(await failure(sourceOf({query: writing}))).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('read-only transaction'),
    });
  });

  test('columns that are missing or of another type are named at once, with their types', async () => {
    await cluster.run(`CREATE TABLE t${table} (id text, at json, n text, seq boolean)`);
    const {code, problems} = await failure(
      sourceOf({table: `t${table}`}, {...SCHEMA, n: t.number.orNull(), gone: t.int.orNull(), v: t.vector(2)}),
    );
    expect(code).toBe('SOURCE_SCHEMA');
    expect(problems.map(({message}) => message)).toEqual([
      "'v' is a vector, and vectors are not read from PostgreSQL.",
      `'at' is json in the table t${table} and time in the schema.`,
      `'n' is text in the table t${table} and number in the schema.`,
      `'gone' (int) is missing; the table t${table} has id, at, n, seq.`,
      "The cursor 'seq' is boolean, which does not grow by itself.",
    ]);
  });

  test('a cursor that is null, a table that is not there and a lag of the other kind are errors', async () => {
    await cluster.run(`
      CREATE TABLE t${table} (id text, at timestamptz, seq int);
      INSERT INTO t${table} VALUES ('a', now(), NULL)`);
    expect(await failure(sourceOf({table: `t${table}`}))).toMatchObject({
      code: 'SOURCE_SCHEMA',
      message: expect.stringContaining("rows whose cursor 'seq' is null"),
    });
    expect(await failure(sourceOf({table: 'nowhere'}))).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('relation "nowhere" does not exist (SQLSTATE 42P01)'),
    });
    await cluster.run(`DELETE FROM t${table}`);
    expect(await failure(sourceOf({table: `t${table}`, lag: '5s'}))).toMatchObject({
      code: 'DEFINITION_INVALID',
      message: expect.stringContaining('lag'),
    });
  });

  test('no message holds a password', async () => {
    const wrong = 'wrong&pass/word';
    const address = (secret: string) =>
      `postgres://tester:${encodeURIComponent(secret)}@127.0.0.1:${cluster.port}/postgres`;
    const errors = [
      await failure(sourceOf({table: 't'}), address(wrong)),
      await failure(sourceOf({table: 't'}), `postgres://x:${wrong}@:no port`),
      await failure(sourceOf({table: 't'}), `postgres://tester:${PASSWORD}@127.0.0.1:1/postgres`),
      await failure(sourceOf({table: 't'}), cluster.address.replace(`:${cluster.port}/`, ':1/')),
      await failure(sourceOf({query: `SELECT '${PASSWORD}'::int AS id`}), cluster.address),
    ];
    for (const error of errors) {
      expect(error.code).toBe('SOURCE_UNAVAILABLE');
      for (const text of [error.message, error.fix, error.stack, JSON.stringify(error), String(error.cause)])
        for (const secret of [wrong, PASSWORD, encodeURIComponent(wrong), encodeURIComponent(PASSWORD)])
          expect(text).not.toContain(secret);
    }
    expect(errors[0]!.message).toContain('password authentication failed');
    expect(errors[1]!.message).toContain('the address in DB is no URL');
    expect(errors[3]!.message).toContain('ECONNREFUSED');
    expect(() => openPostgresFeed({source: sourceOf({table: 't'}), connections: {}})).toThrow(
      "Source 'trips' is followed from postgres at the address in DB, which is not set.",
    );
  });

  describe('that is followed', () => {
    let folder = '';
    let log: EventLog;
    let quarantine: FileQuarantine;
    let checkpoints: MetadataStore;
    let running: Following;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'millrace-follow-postgres-'));
      log = await openSegmentLog(join(folder, 'log'));
      quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
      checkpoints = await openLibsql(join(folder, 'metadata.db'));
    });
    afterEach(async () => {
      controller.abort();
      await running.done;
      await log.close();
      await quarantine.close();
      await checkpoints.close();
      rmSync(folder, {recursive: true, force: true});
    });

    test('goes away in the middle and comes back: nothing is lost, and nothing is twice', async () => {
      await cluster.run(`CREATE TABLE t${table} (id text PRIMARY KEY, at timestamptz, seq serial)`);
      const source = sourceOf({table: `t${table}`, pageRows: 50});
      const gate = await EventGate.open({log, sources: [source], clock: new ManualClock(NOW), quarantine});
      running = follow({
        source,
        gate,
        log,
        feed: feedOf(source),
        checkpoints,
        clock: new ManualClock(NOW),
        random: seededRandom(1),
        signal: controller.signal,
        backoff: {firstMs: 5, longestMs: 50},
      });
      let inserted = 0;
      const insert = async (count: number) => {
        await cluster.run(`INSERT INTO t${table}
          SELECT 'e' || i, CASE WHEN i % 10 = 0 THEN NULL ELSE timestamptz '2024-06-01' END
          FROM generate_series(${inserted + 1}, ${inserted + count}) i`);
        inserted += count;
      };
      await insert(400);
      await vi.waitFor(() => expect(running.state().accepted).toBeGreaterThan(100), {interval: 5, timeout: 5_000});
      await cluster.stop();
      await vi.waitFor(() => expect(running.state().state).toBe('waiting'), {timeout: 5_000});
      expect(running.state().error).toMatchObject({code: 'SOURCE_UNAVAILABLE'});
      await pause(100);
      await cluster.start();
      await insert(300);
      await vi.waitFor(() => expect(running.state().accepted).toBe(630), {timeout: 10_000});
      await pause(50);
      expect(running.state()).toMatchObject({state: 'following', error: null, accepted: 630});
      const ids = [];
      for await (const batch of log.read()) ids.push(...batch.ids);
      expect(new Set(ids).size).toBe(630);
      expect(ids).toHaveLength(630);
      const refused = new Set();
      for await (const {row} of quarantine.read()) refused.add((row as {id: string}).id);
      expect(refused.size).toBe(70);
    });
  });
});
