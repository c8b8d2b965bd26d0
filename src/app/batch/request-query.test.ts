import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {csvScan, jsonLinesScan, parquetScan} from '../../events/index.ts';
import {seededRandom} from '../../math/index.ts';
import {t} from '../../protocol/index.ts';
import {parseRequest} from '../../serving/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {requestQuery} from './request-query.ts';

const folder = mkdtempSync(join(tmpdir(), 'requests-'));
let sql: SqlEngine;
beforeAll(async () => {
  sql = await openDuckDb({threads: 2});
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true});
});

const schema = {
  s: t.string,
  n: t.number.orNull(),
  i: t.int,
  b: t.bool.orNull(),
  w: t.time,
  'odd\' "name': t.string.orNull(),
};
const FIELDS = Object.keys(schema);
const GOOD: Record<string, readonly unknown[]> = {
  s: ['', 'x', 'null', 'ψωμί', '12', '2024-01-01'],
  n: [0, -1.5, 1e300, 5e-324, null],
  i: [0, -7, 2 ** 53 - 1, -(2 ** 53 - 1)],
  b: [true, false, null],
  w: [0, -1, 1_704_456_000_000, '2024-01-05T12:00:00Z', '2024-01-05T14:00:00.250+02:00', '2024-01-05'],
  'odd\' "name': ['x', null],
};
const ANY = [...new Set([...Object.values(GOOD).flat(), 0.5, 2 ** 53, 1e20, 'true', 'far', '1', [], {}])];

/** What the API makes of a request; null if it refuses. */
function parsed(row: unknown) {
  try {
    return parseRequest(schema, row, 'row');
  } catch {
    return null;
  }
}

const read = async (scan: Parameters<typeof requestQuery>[1]) =>
  sql.rows(`${requestQuery(schema, scan, 9)} ORDER BY _row`);

test('a row of JSON lines is a request exactly if the API takes it, with the same values', async () => {
  const random = seededRandom(12);
  const pick = (values: readonly unknown[]) => values[Math.floor(random() * values.length)];
  const rows = Array.from({length: 4_000}, () =>
    Object.fromEntries(FIELDS.map(field => [field, pick(random() < 0.08 ? ANY : GOOD[field]!)])),
  );
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, rows.map(row => JSON.stringify(row)).join('\n'));
  const found = await read(await jsonLinesScan([path], FIELDS, sql));
  let refused = 0;
  for (const [i, row] of rows.entries()) {
    const expected = parsed(row);
    const {_problem: problem, ...fields} = found[i]!;
    expect(problem === null, `${JSON.stringify(row)}: ${problem}`).toBe(expected !== null);
    if (expected === null) refused++;
    else
      for (const field of FIELDS) expect(fields[field], `${field} of ${JSON.stringify(row)}`).toEqual(expected[field]);
  }
  expect(refused).toBeGreaterThan(300);
  expect(refused).toBeLessThan(3_000);
});

test('what is no value of its type is named, in CSV and Parquet too', async () => {
  const csv = join(folder, 'rows.csv');
  const odd = '"odd\' ""name"';
  writeFileSync(
    csv,
    [
      `s,n,i,b,w,${odd}`,
      'x,,1,,0,',
      'x,NaN,1,true,2024-01-05T12:00:00Z,y',
      'x,inf,1,,0,',
      'x,1,1.5,,0,',
      ',1,1,,0,',
      'x,1,1,maybe,0,',
      'x,1,1,,then,',
    ].join('\n'),
  );
  const rows = await read(await csvScan([csv], sql));
  expect(rows.map(row => row._problem)).toEqual([null, null, 'n', 'i', 's', 'b', 'w']);
  expect(rows[1]).toMatchObject({
    _row: 1,
    _q: 9,
    id: null,
    s: 'x',
    n: null,
    b: true,
    w: 1_704_456_000_000,
    'odd\' "name': 'y',
  });

  const path = join(folder, 'rows.parquet');
  await sql.run(`COPY (SELECT * FROM (VALUES
    ('x', 'NaN'::DOUBLE, 1::BIGINT, true, TIMESTAMP '2024-01-05 12:00:00', NULL),
    ('x', 'inf'::DOUBLE, 1, NULL, TIMESTAMP '2024-01-05', 'y'),
    ('x', 1, 9007199254740993, NULL, TIMESTAMP '2024-01-05', 'y'),
    ('x', 1, 1, NULL, TIMESTAMP 'infinity', 'y'),
    (NULL, 1, 1, NULL, TIMESTAMP '2024-01-05', 'y')) v(s, n, i, b, w, "odd' ""name")) TO '${path}'`);
  const typed = await read(await parquetScan([path], sql));
  expect(typed.map(row => row._problem)).toEqual([null, 'n', 'i', 'w', 's']);
  expect(typed[0]).toMatchObject({n: null, w: 1_704_456_000_000});
});
