import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {type MillraceError, type Schema, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import {csv, type FileOrigin, jsonLines, parquet} from '../origin.ts';
import {events, type Source} from '../source.ts';
import {countBefore, type HistoryOptions, historyRange, readHistory} from './read-history.ts';

let sql: SqlEngine;
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
});
afterAll(() => sql.close());

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-history it's-"));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), {recursive: true});
  writeFileSync(join(folder, path), content);
}

const SCHEMA = {id: t.string, at: t.time, n: t.int.orNull(), x: t.number.orNull(), ok: t.bool.orNull()};
const sourceOf = (from: FileOrigin, schema: Schema = SCHEMA): Source =>
  events('s', {schema, time: 'at' as never, id: 'id' as never, from});

/** All rows as arrays of cells in the order of the schema, and the unreadable ones. */
async function read(source: Source, options: Partial<HistoryOptions> = {}) {
  const rows: unknown[][] = [];
  const unreadable: RefusedRow[] = [];
  for await (const batch of readHistory(source, sql, {folder, ...options})) {
    expect(Object.keys(batch.columns)).toEqual(Object.keys(source.schema));
    for (let i = 0; i < batch.count; i++)
      rows.push(Object.values(batch.columns).map(data => (Number.isNaN(data[i]) ? null : data[i])));
    unreadable.push(...batch.unreadable);
  }
  return {rows, unreadable};
}

async function failure(source: Source): Promise<MillraceError> {
  return read(source).then(
    () => expect.fail('It was read.'),
    error => error as MillraceError,
  );
}

const T = Date.UTC(2024, 0, 1);
const ROWS = [
  ['a', T, 1, 0.5, 1],
  ['b', T, null, null, null],
  ['c', T + 1_500, -7, 1e300, 0],
];

const CSV = `id,at,n,x,ok
c,2024-01-01 01:00:01.5+01:00,-7,1e300,false
b,2024-01-01T00:00:00,,,
a,${T},1,0.5,true
`;
const JSONL = `{"id":"c","at":"2024-01-01T00:00:01.5Z","n":-7,"x":1e300,"ok":false}
{"at":"2024-01-01T00:00:00","id":"b","n":null}
{"id":"a","at":${T},"n":1,"x":0.5,"ok":true}
`;
const parquetOf = (path: string, query: string) =>
  sql.run(`COPY (${query}) TO '${join(folder, path).replaceAll("'", "''")}'`);
const PARQUET = `SELECT * FROM (VALUES
  ('c', TIMESTAMP '2024-01-01 00:00:01.5', -7::TINYINT, 1e300::DOUBLE, false),
  ('b', TIMESTAMP '2024-01-01', NULL, NULL, NULL),
  ('a', TIMESTAMP '2024-01-01', 1, 0.5, true)) AS v(id, "at", n, x, ok)`;

describe('a file of each format', () => {
  test('csv is read in the order of time, then id', async () => {
    put('data.csv', CSV);
    expect(await read(sourceOf(csv('data.csv')))).toEqual({rows: ROWS, unreadable: []});
  });

  test('csv may be gzipped, quoted, begin with a byte order mark and be separated by semicolons', async () => {
    put('data.csv.gz', gzipSync('\uFEFF"id";at;"n, or m"\n"a; ""b""";2024-01-01;5\n'));
    const source = sourceOf(csv('data.csv.gz'), {id: t.string, at: t.time, 'n, or m': t.int});
    expect((await read(source)).rows).toEqual([['a; "b"', T, 5]]);
  });

  test('csv may have Windows line ends', async () => {
    put('data.csv', CSV.replaceAll('\n', '\r\n'));
    expect(await read(sourceOf(csv('data.csv')))).toEqual({rows: ROWS, unreadable: []});
  });

  test('jsonl is read in the order of time, then id, and a key that may be null may be absent', async () => {
    put('data.jsonl', JSONL);
    expect(await read(sourceOf(jsonLines('data.jsonl')))).toEqual({rows: ROWS, unreadable: []});
  });

  test('parquet is read in the order of time, then id', async () => {
    await parquetOf('data.parquet', PARQUET);
    expect(await read(sourceOf(parquet('data.parquet')))).toEqual({rows: ROWS, unreadable: []});
  });

  test('parquet times may be zoned, dates or epoch milliseconds, and text may be an enum', async () => {
    const query = `SELECT 'a'::ENUM('a') AS id, TIMESTAMPTZ '2024-01-01 02:00:00+02' AS at, DATE '2024-01-01' AS d, ${T}::BIGINT AS e, 2.50::DECIMAL(9, 2) AS x`;
    await parquetOf('data.parquet', query);
    const source = sourceOf(parquet('data.parquet'), {id: t.string, at: t.time, d: t.time, e: t.time, x: t.number});
    expect((await read(source)).rows).toEqual([['a', T, T, T, 2.5]]);
  });
});

test('a folder gives all files of the format below it, a glob those that match', async () => {
  put('many/2023/a.csv', 'id,at\na,2023-01-01\n');
  put('many/year=2024/b.csv', 'id,at\nb,2024-01-01\n');
  put('many/notes.txt', 'not data');
  const schema = {id: t.string, at: t.time};
  const ids = async (path: string) => (await read(sourceOf(csv(path), schema))).rows.map(row => row[0]);
  expect(await ids('many')).toEqual(['a', 'b']);
  expect(await ids('many/*/b.csv')).toEqual(['b']);
  expect(await ids('many/**/*.csv')).toEqual(['a', 'b']);
});

test('a path with quotes, brackets and stars of its own is that file and no other', async () => {
  put("it's [1]*.csv", 'id,at\nright,2024-01-01\n');
  put("it's 1x.csv", 'id,at\nwrong,2024-01-01\n');
  expect((await read(sourceOf(csv("it's [1]*.csv"), {id: t.string, at: t.time}))).rows).toEqual([['right', T]]);
});

test('column names are quoted, whatever they are', async () => {
  const name = `x"; DROP TABLE '1' --`;
  put('data.csv', `id,at,"${name.replaceAll('"', '""')}"\na,2024-01-01,oops\n`);
  const source = sourceOf(csv('data.csv'), {id: t.string, at: t.time, [name]: t.int});
  expect((await read(source)).unreadable).toMatchObject([{row: {[name]: 'oops'}}]);
});

test('bounds and a limit choose rows: the limit first, in time', async () => {
  put('data.csv', `id,at\n${[5, 3, 1, 4, 2].map(n => `e${n},${n}`).join('\n')}\n`);
  const source = sourceOf(csv('data.csv'), {id: t.string, at: t.time});
  const ids = async (options: Partial<HistoryOptions>) => (await read(source, options)).rows.map(row => row[0]);
  expect(await ids({limit: 3})).toEqual(['e1', 'e2', 'e3']);
  expect(await ids({from: 2, until: 4})).toEqual(['e2', 'e3']);
  expect(await ids({limit: 3, from: 2})).toEqual(['e2', 'e3']);
  expect(await ids({limit: 0})).toEqual([]);
});

describe('values that cannot be converted', () => {
  test('csv rows come apart, whole, with the reason; those without a time first', async () => {
    put(
      'data.csv',
      `id,at,n,x,ok\na,2024-01-01,1,1,1\nb,2024-01-01,abc,1,1\nc,yesterday,1,1,1\nd,2024-01-01,1,1,perhaps\n`,
    );
    const {rows, unreadable} = await read(sourceOf(csv('data.csv')));
    expect(rows.map(row => row[0])).toEqual(['a']);
    expect(unreadable).toEqual([
      {
        check: 'type',
        message:
          'at must be a time: ISO 8601 with a zone (2024-05-01T12:00:00Z) or epoch milliseconds; got "yesterday".',
        example: '"yesterday"',
        row: {id: 'c', at: 'yesterday', n: '1', x: '1', ok: '1'},
        texts: true,
      },
      expect.objectContaining({example: '"abc"', row: {id: 'b', at: '2024-01-01', n: 'abc', x: '1', ok: '1'}}),
      expect.objectContaining({message: 'ok must be true or false; got "perhaps".'}),
    ]);
  });

  test('jsonl values must be JSON of their type', async () => {
    put(
      'data.jsonl',
      [
        `{"id":1,"at":${T}}`,
        `{"id":"b","at":${T},"n":"5"}`,
        `{"id":"c","at":${T},"ok":1}`,
        `{"id":"d","at":${T},"x":[1]}`,
        `{"id":"e","at":${T},"n":3,"x":2,"ok":true}`,
      ].join('\n'),
    );
    const {rows, unreadable} = await read(sourceOf(jsonLines('data.jsonl'), {...SCHEMA, id: t.string}));
    expect(rows).toEqual([['e', T, 3, 2, 1]]);
    expect(unreadable.map(({example, row}) => [example, row])).toEqual([
      ['1', {id: 1, at: T, n: null, x: null, ok: null}],
      ['"5"', {id: 'b', at: T, n: '5', x: null, ok: null}],
      ['1', {id: 'c', at: T, n: null, x: null, ok: 1}],
      ['1', {id: 'd', at: T, n: null, x: [1], ok: null}],
    ]);
  });

  test('an integer that was rounded on the way is left for the gate to refuse', async () => {
    put('data.csv', 'id,at,n,x,ok\na,2024-01-01,1.5,,\nb,2024-01-01,9007199254740993,,\n');
    expect((await read(sourceOf(csv('data.csv')))).rows.map(row => row[2])).toEqual([1.5, 2 ** 53]);
  });

  test('an infinite timestamp in parquet is none', async () => {
    await parquetOf('data.parquet', `SELECT 'a' AS id, 'infinity'::TIMESTAMP AS at`);
    const {unreadable} = await read(sourceOf(parquet('data.parquet'), {id: t.string, at: t.time}));
    expect(unreadable).toMatchObject([{check: 'type', row: {id: 'a', at: 'infinity'}}]);
  });
});

describe('what cannot be read at all', () => {
  test('a missing file is an error that says what is there', async () => {
    put('flights.csv', CSV);
    expect(await failure(sourceOf(csv('flight.csv')))).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `There is no ${join(folder, 'flight.csv')}. In ${folder} there is flights.csv.`,
      fix: `Did you mean ${join(folder, 'flights.csv')}?`,
    });
    expect(await failure(sourceOf(csv('no/where/x.csv')))).toMatchObject({
      message: `There is no ${join(folder, 'no/where/x.csv')}. In ${folder} there is flights.csv.`,
    });
  });

  test('a folder and a glob without a file of the format are errors', async () => {
    put('folder/data.csv', CSV);
    expect(await failure(sourceOf(parquet('folder')))).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: `The folder ${join(folder, 'folder')} holds no parquet file.`,
    });
    expect(await failure(sourceOf(parquet('folder/*.parquet')))).toMatchObject({code: 'SOURCE_NOT_FOUND'});
  });

  test('a source without files has no history', async () => {
    const source = events('s', {schema: SCHEMA, time: 'at', id: 'id'});
    expect(await failure(source)).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: "Source 's' has no history: it declares no files.",
    });
  });

  test('a line with too few fields is said in one sentence, also by those who only look at the times', async () => {
    put('short.csv', `${CSV.trimEnd()}\nlast\n`);
    const source = sourceOf(csv('short.csv'));
    const looks = [() => historyRange(source, sql, folder), () => countBefore(source, sql, folder, 0)];
    for (const look of looks)
      await expect(look()).rejects.toMatchObject({
        code: 'SOURCE_SCHEMA',
        message: expect.stringMatching(/^The csv files of source 's' cannot be read: [^\n]*Line[^\n]*$/),
      });
  });

  test('columns that are missing, extra or of a wrong type are all named at once', async () => {
    await parquetOf('data.parquet', `SELECT 'a' AS id, '2024' AS at, 1.5::DOUBLE AS ok, 5 AS extra, [1] AS x`);
    const {code, problems} = await failure(sourceOf(parquet('data.parquet')));
    expect(code).toBe('SOURCE_SCHEMA');
    expect(problems).toEqual([
      {
        path: 'at',
        message: "'at' is VARCHAR in the files and time in the schema.",
        fix: "Declare 'at' as t.string, or convert it in the files.",
      },
      {
        path: 'n',
        message: "'n' (int) is missing; the files have id, at, ok, extra, x.",
        fix: 'Add the column to the files, or take it out of the schema.',
      },
      {
        path: 'x',
        message: expect.stringContaining("'x' is "),
        fix: "Convert 'x' in the files to a type that a column can have.",
      },
      {
        path: 'ok',
        message: "'ok' is DOUBLE in the files and bool in the schema.",
        fix: "Declare 'ok' as t.int or t.number, or convert it in the files.",
      },
      {
        path: 'extra',
        message: "'extra' (INTEGER) is in the files but not in the schema.",
        fix: 'Declare it, or leave it out of the files.',
      },
    ]);
  });

  test('a jsonl column that never fits is found before anything is read', async () => {
    put('data.jsonl', `{"id":"a","at":${T},"x":"five","more":1}\n`);
    const {code, problems} = await failure(sourceOf(jsonLines('data.jsonl')));
    expect({code, paths: problems.map(p => p.path)}).toEqual({code: 'SOURCE_SCHEMA', paths: ['x', 'more']});
  });

  test.each([
    ['a csv line with a field too few', csv('bad.csv'), 'id,at,n,x,ok\na,1\n'],
    ['a csv file without a line', csv('bad.csv'), ''],
    ['a jsonl line that is no JSON', jsonLines('bad.jsonl'), `{"id":"a","at":1}\n{"id":\n`],
    ['a file that is no parquet', parquet('bad.parquet'), 'id,at\n'],
  ])('%s is an error of the file', async (_, origin, content) => {
    put(origin.path, content);
    expect(await failure(sourceOf(origin))).toMatchObject({
      code: 'SOURCE_SCHEMA',
      message: expect.stringMatching(/cannot be read|do not have one header/),
    });
  });

  test('csv files with different headers are refused', async () => {
    put('many/a.csv', 'id,at\n');
    put('many/b.csv', 'at,id\n');
    expect(await failure(sourceOf(csv('many'), {id: t.string, at: t.time}))).toMatchObject({
      code: 'SOURCE_SCHEMA',
      problems: [{message: expect.stringContaining('The header is at,id, not id,at')}],
    });
  });
});

test('a csv file with a header and nothing else is an empty history', async () => {
  put('data.csv', 'id,at,n,x,ok\n');
  expect(await read(sourceOf(csv('data.csv')))).toEqual({rows: [], unreadable: []});
});
