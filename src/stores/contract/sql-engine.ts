/** The promises every SQL engine keeps, whatever is underneath. Queries are in DuckDB's dialect. */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect} from 'vitest';
import type {ColumnSpec, Columns} from '../../protocol/index.ts';
import type {SqlEngine} from '../sql-engine.ts';
import {type ContractOptions, promises} from './promises.ts';

type Options = ContractOptions<SqlEngine> & {
  /** An empty folder of the running test. */
  readonly folder: () => string;
};

async function all(engine: SqlEngine, sql: string, parameters: readonly (string | number | boolean | null)[] = []) {
  const batches: Columns[] = [];
  for await (const batch of engine.stream(sql, parameters)) batches.push(batch);
  return batches;
}

/** The only batch of a small result. */
async function columnsOf(
  engine: SqlEngine,
  sql: string,
  parameters: readonly (string | number | boolean | null)[] = [],
) {
  const batches = await all(engine, sql, parameters);
  expect(batches).toHaveLength(1);
  return batches[0]!.columns;
}

const spec = (name: string, type: ColumnSpec['type']): ColumnSpec => ({name, type, nullable: true});
const literal = (path: string) => `'${path.replaceAll("'", "''")}'`;

export function describeSqlEngine(adapter: string, {folder, ...options}: Options): void {
  describe(`SQL engine: ${adapter}`, () => {
    const {promise, end} = promises(options, engine => engine.close());

    promise('gives every kind of number as float64', async engine => {
      const sql = `SELECT 1::TINYINT AS a, 2::SMALLINT AS b, 3::INTEGER AS c, 9007199254740991::BIGINT AS d, 5::HUGEINT AS e,
        6::UTINYINT AS f, 7::UINTEGER AS g, 8::UBIGINT AS h, 1.5::FLOAT AS i, 2.5::DOUBLE AS j, 3.25::DECIMAL(9, 2) AS k,
        -4.125::DECIMAL(38, 3) AS l, sum(x) AS m, count(*) AS n, 'inf'::DOUBLE AS o FROM range(10) AS t(x)`;
      const columns = await columnsOf(engine, sql);
      for (const column of Object.values(columns)) expect(column).toBeInstanceOf(Float64Array);
      expect(Object.values(columns).map(column => column[0])).toEqual([
        1,
        2,
        3,
        9007199254740991,
        5,
        6,
        7,
        8,
        1.5,
        2.5,
        3.25,
        -4.125,
        45,
        10,
        Infinity,
      ]);
    });

    promise('gives booleans as 0 and 1', async engine => {
      expect(await columnsOf(engine, 'SELECT * FROM (VALUES (true), (false), (NULL)) AS t(b)')).toEqual({
        b: Float64Array.of(1, 0, Number.NaN),
      });
    });

    promise('gives dates and timestamps of every precision as UTC milliseconds', async engine => {
      const sql = `SELECT DATE '2001-01-02' AS a, TIMESTAMP '2001-01-02 03:04:05.678901' AS b, TIMESTAMP_S '2001-01-02 03:04:05' AS c,
        TIMESTAMP_MS '2001-01-02 03:04:05.678' AS d, TIMESTAMP_NS '2001-01-02 03:04:05.678' AS e,
        TIMESTAMPTZ '2001-01-02 03:04:05+02' AS f, DATE '1960-01-01' AS g, TIMESTAMPTZ '2001-07-01 00:00:00' AS h`;
      const columns = await columnsOf(engine, sql);
      const iso = Object.values(columns).map(column => new Date(column[0] as number).toISOString());
      expect(iso).toEqual([
        '2001-01-02T00:00:00.000Z',
        '2001-01-02T03:04:05.678Z',
        '2001-01-02T03:04:05.000Z',
        '2001-01-02T03:04:05.678Z',
        '2001-01-02T03:04:05.678Z',
        '2001-01-02T01:04:05.000Z',
        '1960-01-01T00:00:00.000Z',
        '2001-07-01T00:00:00.000Z',
      ]);
    });

    promise('gives text of any length and script, and everything else as text', async engine => {
      const sql = `SELECT '' AS a, 'Αθήνα' AS b, 'twelve bytes' AS c, 'thirteen bytes' AS d, repeat('🛫', 5000) AS e,
        'x'::ENUM ('x', 'y') AS f, [1, 2] AS g, TIME '10:11:12' AS h, {'k': 1} AS i`;
      expect(Object.values(await columnsOf(engine, sql)).map(column => column[0])).toEqual([
        '',
        'Αθήνα',
        'twelve bytes',
        'thirteen bytes',
        '🛫'.repeat(5000),
        'x',
        '[1, 2]',
        '10:11:12',
        "{'k': 1}",
      ]);
    });

    promise('gives null as NaN in numbers and times, and as null in text', async engine => {
      const sql = `SELECT * FROM (VALUES (1, NULL, DATE '1970-01-01'), (NULL, 'a', NULL), (3, '', NULL)) AS t(n, s, d)`;
      expect(await columnsOf(engine, sql)).toEqual({
        n: Float64Array.of(1, Number.NaN, 3),
        s: [null, 'a', ''],
        d: Float64Array.of(0, Number.NaN, Number.NaN),
      });
      expect(await columnsOf(engine, 'SELECT NULL AS n')).toEqual({n: Float64Array.of(Number.NaN)});
    });

    promise('keeps the order of the query over many chunks', async engine => {
      const rows = 100_000;
      const sql = `SELECT x, (x * 7919) % 1009 AS k, 'key-' || (x % 1000) AS s, CASE WHEN x % 3 > 0 THEN 'a longer text ' || x END AS l
        FROM range(${rows}) AS t(x) ORDER BY k, x DESC`;
      const expected = Array.from({length: rows}, (_, x) => ({x, k: (x * 7919) % 1009})).sort(
        (p, q) => p.k - q.k || q.x - p.x,
      );
      let at = 0;
      for (const {count, columns} of await all(engine, sql))
        for (let i = 0; i < count; i++, at++) {
          const x = expected[at]!.x;
          if (
            columns.x![i] !== x ||
            columns.s![i] !== `key-${x % 1000}` ||
            columns.l![i] !== (x % 3 ? `a longer text ${x}` : null)
          )
            expect({at, x: columns.x![i], s: columns.s![i], l: columns.l![i]}).toEqual(expected[at]);
        }
      expect(at).toBe(rows);
    });

    promise('hands out columns that outlive the query', async engine => {
      const batches = await all(
        engine,
        "SELECT x, x::VARCHAR || ' is a long enough text' AS s FROM range(50000) AS t(x)",
      );
      await all(engine, "SELECT -x AS x, 'other' AS s FROM range(50000) AS t(x)");
      const x = batches.flatMap(({columns}) => [...(columns.x as Float64Array)]);
      expect(x).toEqual(Array.from({length: 50_000}, (_, i) => i));
      expect(batches.at(-1)!.columns.s!.at(-1)).toBe('49999 is a long enough text');
    });

    promise('streams nothing for a result without rows', async engine => {
      expect(await all(engine, 'SELECT 1 AS a WHERE false')).toEqual([]);
      expect(await engine.rows('SELECT 1 AS a WHERE false')).toEqual([]);
    });

    promise('takes parameters of every type, which are never read as SQL', async engine => {
      const nasty = `'; DROP TABLE t; --`;
      const parameters = [nasty, 1.5, 9007199254740991, true, null, -0.25];
      expect(await engine.rows('SELECT $1 AS s, $2 AS d, $3 AS i, $4 AS b, $5 AS n, $6 AS m', parameters)).toEqual([
        {s: nasty, d: 1.5, i: 9007199254740991, b: true, n: null, m: -0.25},
      ]);
      expect(await columnsOf(engine, 'SELECT x FROM range(10) AS t(x) WHERE x > ? LIMIT ?', [4, 2])).toEqual({
        x: Float64Array.of(5, 6),
      });
    });

    promise('gives rows as objects', async engine => {
      const sql = `SELECT 1::BIGINT AS i, true AS b, 'x' AS s, 2.5 AS d, TIMESTAMP '1970-01-01 00:00:01' AS t, NULL::VARCHAR AS n`;
      expect(await engine.rows(sql)).toEqual([{i: 1, b: true, s: 'x', d: 2.5, t: 1_000, n: null}]);
    });

    promise('accepts comments and semicolons at the end of a query', async engine => {
      expect(await engine.rows('SELECT 1 AS a; \n')).toEqual([{a: 1}]);
      expect(await engine.rows('SELECT 1 AS a -- the answer')).toEqual([{a: 1}]);
    });

    promise('refuses two columns of the same name', async engine => {
      const refused = {code: 'REQUEST_INVALID', message: expect.stringContaining("'a'")};
      await expect(engine.rows('SELECT 1 AS a, 2 AS a')).rejects.toMatchObject(refused);
      await expect(all(engine, 'SELECT 1 AS a, 2 AS a')).rejects.toMatchObject(refused);
    });

    promise('says what is wrong with a query', async engine => {
      const failed = {code: 'STORE_FAILED', message: expect.stringContaining('nowhere')};
      await expect(engine.rows('SELECT * FROM nowhere')).rejects.toMatchObject(failed);
      await expect(all(engine, "SELECT * FROM 'nowhere.parquet'")).rejects.toMatchObject(failed);
      await expect(engine.run('DROP TABLE nowhere')).rejects.toMatchObject(failed);
      expect(await engine.rows('SELECT 1 AS a')).toEqual([{a: 1}]);
    });

    promise('runs statements whose effect later queries see', async engine => {
      await engine.run('CREATE TABLE t (x INTEGER)');
      await engine.run('INSERT INTO t VALUES (?), (?)', [1, 2]);
      expect(await engine.rows('SELECT sum(x) AS s FROM t')).toEqual([{s: 3}]);
    });

    promise('answers queries at the same time, and after a stream was left in the middle', async engine => {
      for await (const batch of engine.stream('SELECT x FROM range(1000000) AS t(x)')) {
        expect(batch.columns.x![0]).toBe(0);
        expect(await engine.rows('SELECT 2 AS a')).toEqual([{a: 2}]);
        break;
      }
      const [a, b] = await Promise.all([
        all(engine, 'SELECT x FROM range(100000) AS t(x)'),
        all(engine, 'SELECT -x AS x FROM range(100000) AS t(x)'),
      ]);
      expect([a.at(-1)!.columns.x!.at(-1), b.at(-1)!.columns.x!.at(-1)]).toEqual([99_999, -99_999]);
    });

    const specs = [spec('n', 'number'), spec('i', 'int'), spec('b', 'bool'), spec('t', 'time'), spec('s', 'string')];
    const batch: Columns = {
      count: 4,
      columns: {
        n: Float64Array.of(1.5, Number.NaN, -Infinity, 0),
        i: Float64Array.of(9007199254740991, -1, Number.NaN, 0),
        b: Float64Array.of(1, 0, Number.NaN, 1),
        t: Float64Array.of(0, 978_307_200_123, Number.NaN, -1),
        s: ['', null, 'Αθήνα 🛫 and more than twelve bytes', 'x'],
      },
    };

    promise('writes a Parquet file and reads it back, nulls included', async engine => {
      const path = join(folder(), "it's", 'deep', 'a.parquet');
      await engine.writeParquet(path, specs, [batch]);
      expect(await columnsOf(engine, `SELECT * FROM ${literal(path)}`)).toEqual(batch.columns);
      const [nulls] = await engine.rows(
        `SELECT count(*) - count(n) AS n, count(*) - count(s) AS s FROM ${literal(path)}`,
      );
      expect(nulls).toEqual({n: 1, s: 1});
      const types = await engine.rows(`SELECT column_type AS t FROM (DESCRIBE SELECT * FROM ${literal(path)})`);
      expect(types.map(row => row.t)).toEqual(['DOUBLE', 'BIGINT', 'BOOLEAN', 'TIMESTAMP', 'VARCHAR']);
      const [time] = await engine.rows(
        `SELECT converted_type AS t FROM parquet_schema(${literal(path)}) WHERE name = 't'`,
      );
      expect(time).toEqual({t: 'TIMESTAMP_MILLIS'});
      expect(readdirSync(join(folder(), "it's", 'deep'))).toEqual(['a.parquet']);
    });

    promise('writes many batches of uneven sizes in order', async engine => {
      const path = join(folder(), 'many.parquet');
      let x = 0;
      async function* batches(): AsyncGenerator<Columns> {
        for (const count of [1, 2_047, 2_048, 2_049, 0, 50_000, 7]) {
          const numbers = Float64Array.from({length: count}, () => x++);
          yield {
            count,
            columns: {n: numbers, s: Array.from(numbers, n => (n % 10 === 0 ? null : `row ${n}`)), unused: numbers},
          };
        }
      }
      await engine.writeParquet(path, [spec('s', 'string'), spec('n', 'int')], batches());
      const [check] = await engine.rows(
        `SELECT count(*) AS rows, count_if(n <> file_row_number) AS moved, count_if(s IS DISTINCT FROM CASE WHEN n % 10 > 0 THEN 'row ' || n END) AS wrong
         FROM read_parquet(${literal(path)}, file_row_number = true)`,
      );
      expect(check).toEqual({rows: 56_152, moved: 0, wrong: 0});
    });

    promise('writes a file without rows', async engine => {
      const path = join(folder(), 'empty.parquet');
      await engine.writeParquet(path, specs, []);
      expect(await engine.rows(`SELECT count(*) AS n, count(s) AS s FROM ${literal(path)}`)).toEqual([{n: 0, s: 0}]);
    });

    promise('leaves the old file, and nothing else, when writing fails', async engine => {
      const path = join(folder(), 'kept.parquet');
      await engine.writeParquet(path, specs, [batch]);
      async function* broken(): AsyncGenerator<Columns> {
        yield batch;
        throw new Error('the source broke');
      }
      await expect(engine.writeParquet(path, specs, broken())).rejects.toThrow('the source broke');
      await expect(engine.writeParquet(path, [...specs, spec('z', 'int')], [batch])).rejects.toThrow(
        "lacks the column 'z'",
      );
      await expect(engine.writeParquet(path, [spec('s', 'int')], [batch])).rejects.toThrow("'s' is declared int");
      expect(await engine.rows(`SELECT count(*) AS n FROM ${literal(path)}`)).toEqual([{n: 4}]);
      expect(readdirSync(folder())).toEqual(['kept.parquet']);
      await expect(engine.writeParquet(join(folder(), 'new.parquet'), specs, broken())).rejects.toThrow();
      expect(existsSync(join(folder(), 'new.parquet'))).toBe(false);
    });

    promise('writes several files at once', async engine => {
      const paths = Array.from({length: 4}, (_, i) => join(folder(), `${i}.parquet`));
      await Promise.all(
        paths.map((path, i) =>
          engine.writeParquet(path, [spec('n', 'int')], [{count: 1, columns: {n: Float64Array.of(i)}}]),
        ),
      );
      expect(await engine.rows(`SELECT n FROM ${literal(join(folder(), '*.parquet'))} ORDER BY n`)).toEqual([
        {n: 0},
        {n: 1},
        {n: 2},
        {n: 3},
      ]);
    });

    promise('refuses everything but close once closed', async engine => {
      const streaming = engine.stream('SELECT x FROM range(1000000) AS t(x)')[Symbol.asyncIterator]();
      await streaming.next();
      await engine.close();
      await engine.close();
      const closed = {code: 'STORE_CLOSED'};
      await expect(streaming.next()).rejects.toMatchObject(closed);
      await expect(engine.rows('SELECT 1 AS a')).rejects.toMatchObject(closed);
      await expect(all(engine, 'SELECT 1 AS a')).rejects.toMatchObject(closed);
      await expect(engine.run('SELECT 1')).rejects.toMatchObject(closed);
      await expect(engine.writeParquet(join(folder(), 'x.parquet'), specs, [batch])).rejects.toMatchObject(closed);
    });

    end();
  });
}
