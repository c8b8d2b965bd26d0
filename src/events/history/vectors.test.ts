// Vectors in files: lists in Parquet and JSON lines, columns of numbers in Parquet and CSV.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {type MillraceError, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {csv, type FileOrigin, jsonLines, parquet} from '../origin.ts';
import {readTexts} from '../quarantine/read-texts.ts';
import {events} from '../source.ts';
import {readHistory} from './read-history.ts';

let sql: SqlEngine;
let folder = '';
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
});
afterAll(() => sql.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-vectors-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const sourceOf = (from: FileOrigin) =>
  events('s', {schema: {id: t.string, at: t.time, v: t.vector(3).orNull()}, time: 'at', id: 'id', from});

async function read(from: FileOrigin) {
  const rows: unknown[] = [];
  const unreadable: {message: string; row: unknown}[] = [];
  for await (const batch of readHistory(sourceOf(from), sql, {folder})) {
    const {id, v_0, v_1, v_2} = batch.columns;
    for (let i = 0; i < batch.count; i++) rows.push([id![i], v_0![i], v_1![i], v_2![i]]);
    unreadable.push(...batch.unreadable);
  }
  return {rows, unreadable};
}

const failure = (from: FileOrigin): Promise<MillraceError> =>
  read(from).then(
    () => expect.fail('It was read.'),
    error => error as MillraceError,
  );

const write = (name: string, select: string) => sql.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);

const NULL = [Number.NaN, Number.NaN, Number.NaN];
const AT = 'TIMESTAMP \'2024-01-01 00:00:00\' AS "at"';

test.each(['DOUBLE[]', 'FLOAT[]', 'INTEGER[]', 'DOUBLE[3]'])('Parquet gives a vector as %s', async type => {
  await write(
    'p.parquet',
    `SELECT 'a' AS id, ${AT}, CAST([1, 2, 3] AS ${type}) AS v UNION ALL SELECT 'b', ${AT}, NULL`,
  );
  expect((await read(parquet('p.parquet'))).rows).toEqual([
    ['a', 1, 2, 3],
    ['b', ...NULL],
  ]);
});

test('Parquet and CSV give a vector as columns of numbers', async () => {
  await write('p.parquet', `SELECT 'a' AS id, ${AT}, 1.5 AS v_0, 2 AS v_1, 3 AS v_2`);
  writeFileSync(join(folder, 'c.csv'), 'id,at,v_0,v_1,v_2\na,2024-01-01,1.5,2,3\nb,2024-01-01,,,\n');
  expect((await read(parquet('p.parquet'))).rows).toEqual([['a', 1.5, 2, 3]]);
  expect((await read(csv('c.csv'))).rows).toEqual([
    ['a', 1.5, 2, 3],
    ['b', ...NULL],
  ]);
});

test('JSON lines give a vector as an array', async () => {
  const lines = [{v: [1, 2.5, -3]}, {v: null}, {}].map((row, i) =>
    JSON.stringify({id: `${i}`, at: '2024-01-01', ...row}),
  );
  writeFileSync(join(folder, 'l.jsonl'), lines.join('\n'));
  expect((await read(jsonLines('l.jsonl'))).rows).toEqual([
    ['0', 1, 2.5, -3],
    ['1', ...NULL],
    ['2', ...NULL],
  ]);
});

test('lists that are no vector of that size are unreadable rows, kept whole', async () => {
  const given = [[1, 2], [1, 2, 3, 4], [1, null, 3], [1, '2', 3], [], 'x', {a: 1}];
  const lines = given.map((v, i) => JSON.stringify({id: `${i}`, at: '2024-01-01', v}));
  writeFileSync(join(folder, 'l.jsonl'), [...lines, '{"id":"z","at":"2024-01-01","v":[1,2,3]}'].join('\n'));
  const json = await read(jsonLines('l.jsonl'));
  expect(json.rows).toEqual([['z', 1, 2, 3]]);
  expect(json.unreadable.map(({row}) => (row as {v: unknown}).v)).toEqual(given);
  expect(json.unreadable[0]!.message).toBe('v must be a list of 3 finite numbers; got [1,2].');

  const lists = [
    '[1, 2]',
    '[1, NULL, 3]',
    "[1, CAST('NaN' AS DOUBLE), 3]",
    "[1, CAST('Infinity' AS DOUBLE), 3]",
    '[]',
    '[NULL, NULL, NULL]',
  ];
  await write(
    'p.parquet',
    lists.map((list, i) => `SELECT '${i}' AS id, ${AT}, CAST(${list} AS DOUBLE[]) AS v`).join(' UNION ALL '),
  );
  const columns = await read(parquet('p.parquet'));
  expect(columns.rows).toEqual([]);
  expect(columns.unreadable.map(({message}) => message)[0]).toBe(
    'v must be a list of 3 finite numbers; got [1.0, 2.0].',
  );
  expect(readTexts(sourceOf(parquet('p')), columns.unreadable[0]!.row as never)).toMatchObject({id: '0', v: [1, 2]});
});

test('a vector that is missing or something else is one problem', async () => {
  await write('p.parquet', `SELECT 'a' AS id, ${AT}`);
  expect((await failure(parquet('p.parquet'))).problems).toMatchObject([
    {path: 'v', message: "'v' (a vector of 3) is missing."},
  ]);
  await write('q.parquet', `SELECT 'a' AS id, ${AT}, 'x' AS v`);
  expect((await failure(parquet('q.parquet'))).problems).toMatchObject([
    {path: 'v', message: "'v' is VARCHAR in the files and a vector of 3 in the schema."},
  ]);
  writeFileSync(join(folder, 'l.jsonl'), '{"id":"a","at":"2024-01-01","v_0":1,"v_1":2,"v_2":3}');
  expect((await failure(jsonLines('l.jsonl'))).problems).toMatchObject([{path: 'v'}]);
});
