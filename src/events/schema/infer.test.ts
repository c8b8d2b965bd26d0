import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type Schema, t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {readHistory} from '../history/read-history.ts';
import {csv, jsonLines, parquet} from '../origin.ts';
import {events} from '../source.ts';
import {diffSchemas} from './diff-schemas.ts';
import {inferSchema} from './infer-files.ts';
import {inferRows} from './infer-rows.ts';
import {freezeSchema, type InferredSchema, schemaText, thawSchema} from './inferred-schema.ts';

let sql: SqlEngine;
let folder = '';
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
  folder = mkdtempSync(join(tmpdir(), 'millrace-infer-'));
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

const ROWS = [
  {id: 'a', at: '2024-01-01T00:00:00Z', n: 1, x: 0.5, ok: true, v: [1, 2], kind: 'new', 'odd name': null},
  {id: 'b', at: '2024-01-02T00:00:00Z', n: -3, x: 2, ok: false, v: [0.5, 2], kind: 'old'},
  {id: 'c', at: '2024-01-03T00:00:00Z', n: 2, x: 7, ok: true, v: null, kind: 'new', 'odd name': 'x'},
];
const TEXT = `{
  id: t.string,
  at: t.time,
  n: t.int,
  x: t.number,
  ok: t.bool,
  v: t.vector(2).orNull(),
  kind: t.string,
  "odd name": t.string.orNull(),
}`;

/** The schema that the pasted text declares. */
const declared = (text: string) => new Function('t', `return ${text}`)(t) as Schema;

test('rows give a schema that can be pasted, and a source so declared takes them', () => {
  const schema = inferRows(ROWS);
  expect(schemaText(schema)).toBe(TEXT);
  expect(schema.columns.find(({name}) => name === 'at')).toMatchObject({
    min: '2024-01-01T00:00:00.000Z',
    max: '2024-01-03T00:00:00.000Z',
  });
  expect(schema.columns.find(({name}) => name === 'kind')).toMatchObject({distinct: 2, values: ['new', 'old']});
  const {vectors} = events('s', {schema: declared(TEXT), time: 'at' as never, id: 'id' as never});
  expect(vectors).toEqual({v: 2});
});

test.each(['csv', 'jsonl', 'parquet'] as const)('%s files give a schema with which they can be read', async format => {
  const path = `rows.${format}`;
  if (format === 'jsonl') writeFileSync(join(folder, path), ROWS.map(row => JSON.stringify(row)).join('\n'));
  else if (format === 'csv')
    writeFileSync(
      join(folder, path),
      'id,at,n,x,ok,kind\na,2024-01-01,1,0.5,true,new\nb,2024-01-02 10:00,-3,2,false,\n',
    );
  else
    await sql.run(
      `COPY (SELECT 'a' AS id, TIMESTAMP '2024-01-01' AS "at", 1 AS n, 2.0::DOUBLE AS x, true AS ok, [1.0, 2.0] AS v) TO '${join(folder, path)}' (FORMAT parquet)`,
    );
  const origin = format === 'csv' ? csv(path) : format === 'jsonl' ? jsonLines(path) : parquet(path);
  const schema = await inferSchema({sql, origin, folder});
  const types = schema.columns.map(({name, type, size}) => [name, size ?? type]);
  const expected = [
    ['id', 'string'],
    ['at', 'time'],
    ['n', 'int'],
    ['x', 'number'],
    ['ok', 'bool'],
    ['v', 2],
    ['kind', 'string'],
    ['odd name', 'string'],
  ];
  expect(types).toEqual(
    expected
      .slice(0, format === 'parquet' ? 6 : 8)
      .filter(([name]) => format !== 'csv' || (name !== 'v' && name !== 'odd name')),
  );
  const source = events('s', {
    schema: declared(schemaText(schema)),
    time: 'at' as never,
    id: 'id' as never,
    from: origin,
  });
  let rows = 0;
  for await (const batch of readHistory(source, sql, {folder})) {
    expect(batch.unreadable).toEqual([]);
    rows += batch.count;
  }
  expect(rows).toBe(schema.rows);
});

test('a file of JSON lines gives what its rows give', async () => {
  const cell = fc.oneof(
    fc.constantFrom(null, true, false, 'a', 'é', '\u{1F600}', '\uffee', 0, 1, -5, 1.5, 2 ** 53),
    fc.array(fc.integer({min: 0, max: 3}), {minLength: 1, maxLength: 2}),
  );
  const column = fc.constantFrom(
    fc.constantFrom(null, true, false),
    fc.constantFrom(null, 1, 2, -7),
    fc.constantFrom(1, 2.5, -7, 1e300),
    fc.constantFrom(null, 'a', 'b', 'é', '\u{1F600}', '\uffee'),
    fc.constantFrom('2024-01-01T00:00:00Z', '2023-12-31T23:00:00+01:00'),
    fc.constantFrom(null, [1, 2], [3, 4.5]),
    cell,
  );
  const rows = fc.tuple(column, column).chain(([a, b]) => fc.array(fc.record({a, b}), {minLength: 1, maxLength: 12}));
  await fc.assert(
    fc.asyncProperty(rows, async list => {
      writeFileSync(join(folder, 'any.jsonl'), list.map(row => JSON.stringify(row)).join('\n'));
      const inferred = await inferSchema({sql, origin: jsonLines('any.jsonl'), folder, values: 3});
      expect(inferred).toEqual(inferRows(list, {values: 3}));
    }),
    {seed: 2, numRuns: 60},
  );
});

test('a type is that of most values, and the others are counted', () => {
  const {columns} = inferRows([{a: 1}, {a: 'x'}, {a: 2}]);
  expect(columns).toMatchObject([{type: 'int', misfits: 1, min: 1, max: 2}]);
  expect(schemaText(inferRows([{a: 1}, {a: 'x'}, {a: 2}]))).toContain('a: t.int, // 1 values are something else');
});

test('a frozen schema is equal for equal rows in any order, and can be read back', () => {
  const frozen = freezeSchema(inferRows(ROWS));
  const turned = inferRows(ROWS.toReversed());
  const sorted = (s: InferredSchema) => ({...s, columns: s.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))});
  expect(freezeSchema(sorted(turned))).toBe(freezeSchema(sorted(thawSchema(frozen))));
  expect(() => thawSchema('{}')).toThrow('no frozen schema');
});

test('a diff lists what changed and which of it breaks', () => {
  const older = inferRows([
    {id: 'a', n: 1, x: 1.5, v: [1, 2], kind: 'new', gone: 1},
    {id: 'b', n: 5, x: 2, v: [1, 2], kind: 'old', gone: 2},
  ]);
  const newer = inferRows([
    {id: 'a', n: 1.5, x: 1, v: [1, 2, 3], kind: 'lost', more: true},
    {id: null, n: 9, x: 2, v: [1, 2, 3], kind: 'old', more: true},
  ]);
  expect(diffSchemas(older, older)).toEqual([]);
  expect(diffSchemas(older, newer).map(({column, kind, breaks, message}) => [column, kind, breaks, message])).toEqual([
    ['id', 'nullable', true, "'id' is null in 50 % of the rows; it never was."],
    ['n', 'type', true, "'n' is number; it was int."],
    ['x', 'type', false, "'x' is int; it was number."],
    ['v', 'type', true, "'v' is a vector of 3; it was a vector of 2."],
    ['kind', 'values', false, '\'kind\' has new values: "lost".'],
    ['gone', 'removed', true, "'gone' (int) is gone: it was never null."],
    ['more', 'added', true, "'more' (bool) is new: a source refuses columns that it does not declare."],
  ]);
  const wider = inferRows([{n: 0}, {n: 5}]);
  expect(diffSchemas(inferRows([{n: 1}, {n: 5}]), wider)).toEqual([
    {column: 'n', kind: 'range', breaks: false, message: "'n' goes from 0 to 5; it went from 1 to 5."},
  ]);
  expect(diffSchemas(wider, inferRows([{n: 1}]))).toEqual([]);
});
