import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {histogram, quantileEdges} from '../../math/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {profileTable, sampleEdges} from './profile-table.ts';
import {type FileReportOptions, reportFiles} from './report-files.ts';
import {openTable} from './table-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-report-test-'));
const at = (name: string): string => join(folder, name);
let sql: SqlEngine;

beforeAll(async () => {
  sql = await openDuckDb({threads: 2});
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true, force: true});
});

/** Rows `from` to `from + rows`, each an SQL expression of i and of u and v, uniform by i. */
async function parquet(
  name: string,
  rows: number,
  from: number,
  columns: Readonly<Record<string, string>>,
): Promise<string> {
  const selected = Object.entries(columns).map(
    ([column, sqlText]) => `${sqlText} AS "${column.replaceAll('"', '""')}"`,
  );
  await sql.run(`COPY (
    SELECT ${selected.join(', ')} FROM (
      SELECT i, (hash(i * 2) >> 11)::DOUBLE / 9007199254740992 AS u, (hash(i * 2 + 1) >> 11)::DOUBLE / 9007199254740992 AS v
      FROM range(${from}, ${from + rows}) AS r(i)))
    TO '${at(name)}' (FORMAT parquet)`);
  return at(name);
}

const report = (reference: string, current: string | null, more: Partial<FileReportOptions> = {}) =>
  reportFiles({reference, current, ...more});

const MIXED = {
  amount: 'exp(u * 3)',
  count: '(v * 12)::INTEGER',
  flag: 'u < 0.2',
  kind: "'kind ' || (v * v * 6)::INTEGER",
  price: '(u * 100)::DECIMAL(10, 2)',
  day: "DATE '2024-01-01' + (i % 30)::INTEGER",
  tags: '[u > 0.5, v > 0.5]',
  'odd "name"; DROP TABLE x --\n': 'if(u < 0.1, NULL, v)',
};

describe('a report on two files', () => {
  test('compares columns of all types, whatever they are called', async () => {
    const reference = await parquet('a.parquet', 4_000, 0, MIXED);
    const same = await report(reference, await parquet('b.parquet', 4_000, 1e6, MIXED));
    expect(same.columns.map(({column, type, verdict}) => [column, type, verdict]).sort()).toEqual(
      [
        ['amount', 'number', 'stable'],
        ['count', 'integer', 'stable'],
        ['flag', 'boolean', 'stable'],
        ['kind', 'text', 'stable'],
        ['price', 'number', 'stable'],
        ['day', 'time', 'not compared'],
        ['tags', 'text', 'stable'],
        ['odd "name"; DROP TABLE x --\n', 'number', 'stable'],
      ].sort(),
    );
    expect([same.verdict, same.quality]).toEqual(['nothing to see', []]);
    expect(same.current).toMatchObject({name: 'b.parquet', rows: 4_000, from: Date.UTC(2024, 0, 1)});

    const moved = await parquet('c.parquet', 4_000, 2e6, {
      ...MIXED,
      amount: 'exp(u * 3) * 100',
      flag: 'u < 0.5',
      kind: 'NULL',
    });
    const found = await report(reference, moved);
    expect(
      found.columns
        .filter(({verdict}) => verdict === 'drift')
        .map(({column}) => column)
        .sort(),
    ).toEqual(['amount', 'flag', 'kind']);
    expect(found.quality.map(({column}) => column)).toEqual(['kind']);
  });

  test('has the figures of the rows', async () => {
    const path = await parquet('figures.parquet', 30_000, 0, MIXED);
    const {columns} = await report(path, path);
    const [row] = await sql.rows(
      `SELECT avg(amount) AS mean, stddev(amount) AS deviation, median(amount) AS median, count(DISTINCT kind) AS kinds,
       avg((kind = 'kind 0')::INTEGER) AS zero, count(*) - count("odd ""name""; DROP TABLE x --\n") AS nulls FROM '${path}'`,
    );
    const of = (name: string) => columns.find(({column}) => column === name)!.current;
    expect(of('amount').numbers!.mean).toBeCloseTo(Number(row!.mean), 9);
    expect(of('amount').numbers!.deviation).toBeCloseTo(Number(row!.deviation), 9);
    expect(Math.abs(of('amount').numbers!.median! / Number(row!.median) - 1)).toBeLessThan(0.05);
    expect(of('kind').distinct).toBe(row!.kinds);
    expect(of('kind').texts!.top.find(({value}) => value === 'kind 0')!.share).toBeCloseTo(Number(row!.zero), 12);
    expect(of('odd "name"; DROP TABLE x --\n').nulls).toBe(row!.nulls);
  });

  test('counts both sides exactly, over edges from a sample of the reference', async () => {
    const path = await parquet('exact.parquet', 50_000, 0, {x: 'exp(u * 3)'});
    const table = await openTable(sql, path, folder);
    const edges = await sampleEdges(sql, table);
    const [column] = (await profileTable(sql, table, edges)).columns;
    const values = Float64Array.from((await sql.rows(`SELECT x FROM '${path}'`)).map(row => Number(row.x)));
    const bins = column?.sketch.kind === 'numeric' ? column.sketch.bins : null;
    expect(bins).toEqual(histogram(values, edges.get('x')!));
    const exact = quantileEdges(values, 10);
    for (const [i, edge] of edges.get('x')!.entries()) expect(Math.abs(edge / exact[i]! - 1)).toBeLessThan(0.06);
    expect(await sampleEdges(sql, table)).toEqual(edges);
  });

  test('reads CSV by what all rows say, and tells a change of type', async () => {
    const lines = (last: string) =>
      ['id,price,note', ...Array.from({length: 30_000}, (_, i) => `${i},${i % 7}.5,`), last].join('\n');
    writeFileSync(at('one.csv'), lines('30000,3.5,'));
    writeFileSync(at('two.csv'), lines('30000,n/a,'));
    const {quality, columns} = await report(at('one.csv'), at('two.csv'));
    expect(quality).toEqual([{column: 'price', severity: 'broken', message: 'was of type number, is of type text'}]);
    expect(columns.find(({column}) => column === 'note')).toMatchObject({verdict: 'insufficient data'});
    expect(
      readdirSync(tmpdir()).filter(
        name => /^millrace-report-(?!test)/.test(name) && name.includes(String(process.pid)),
      ),
    ).toEqual([]);
  });

  test('stands a million categories, three rows, and no rows', async () => {
    const many = await parquet('many.parquet', 1_000_000, 0, {id: "'user ' || i", x: 'u'});
    const [few, none] = [
      await parquet('few.parquet', 3, 5e6, {id: "'user ' || i", x: 'u'}),
      await parquet('none.parquet', 0, 0, {id: "'a'", x: 'u'}),
    ];
    const users = await report(many, await parquet('others.parquet', 100_000, 2e6, {id: "'user ' || i", x: 'u'}));
    expect(users.verdict).toBe('nothing to see');
    expect(Math.abs(users.columns.find(({column}) => column === 'id')!.reference.distinct / 1e6 - 1)).toBeLessThan(
      0.05,
    );
    expect((await report(many, few)).sentence).toBe('Too few rows for a verdict (3 rows).');
    expect((await report(many, none)).sentence).toBe('There are no current rows.');
    expect((await report(none, many)).verdict).toBe('nothing to see');
  });

  test('splits one file at a time, and measures what was predicted', async () => {
    const path = await parquet('log.parquet', 6_000, 0, {
      at: "TIMESTAMP '2024-03-01' + INTERVAL 1 MINUTE * i",
      x: 'if(i < 3000, u, u * u)',
      score: 'u',
      bought: 'if(i >= 5000, NULL, v < if(i < 3000, u, 0.5))',
    });
    const splitAt = Date.UTC(2024, 2, 1) + 3_000 * 60_000;
    const found = await report(path, null, {time: 'at', splitAt, prediction: 'score', target: 'bought'});
    expect([found.reference.rows, found.current.rows]).toEqual([3_000, 3_000]);
    expect(found.current.from).toBe(splitAt);
    expect(found.columns[0]).toMatchObject({column: 'x', verdict: 'drift'});
    expect(found.performance).toMatchObject({kind: 'probability', referenceRows: 3_000, currentRows: 2_000});
    expect(found.performance!.metrics[0]).toMatchObject({metric: 'AUC', worse: true});
    expect(found.sentence).toMatch(/^AUC is 0\.\d+, was 0\.8\d*\. 1 of 3 columns drift: x\.$/);
  });

  test('says what is wrong with what it was asked', async () => {
    const path = await parquet('asked.parquet', 10, 0, {amount: 'u', at: "TIMESTAMP '2024-03-01'"});
    await expect(report(at('nothing.csv'), path)).rejects.toMatchObject({code: 'SOURCE_NOT_FOUND'});
    writeFileSync(at('rows.xlsx'), '');
    await expect(report(path, at('rows.xlsx'))).rejects.toMatchObject({code: 'USAGE'});
    await expect(report(path, null)).rejects.toThrow('one file, and no time to split it at');
    await expect(report(path, null, {time: 'amount', splitAt: 0})).rejects.toMatchObject({
      fix: 'Name a column of times: at.',
    });
    await expect(report(path, path, {time: 'amuont'})).rejects.toMatchObject({fix: "Did you mean 'amount'?"});
    await expect(report(path, path, {prediction: 'amount', target: 'gone'})).rejects.toMatchObject({
      code: 'USAGE',
      fix: 'There are amount, at.',
    });
    const two = await parquet('two.parquet', 10, 0, {x: 'u', y: 'u'});
    await expect(report(two, two, {time: 'z'})).rejects.toMatchObject({fix: "Did you mean 'x'?"});
  });

  test.each([
    [
      'mixed.csv',
      '"a\nb",c\r\n1,2\r\n3,4\r\n',
      'SOURCE_SCHEMA',
      'how its lines and fields are told apart is not clear.',
    ],
    [
      'latin.csv',
      Buffer.from('a,b\n1,caf\xe9\n', 'latin1'),
      'SOURCE_SCHEMA',
      /cannot be read: Invalid unicode .* not utf-8 encoded\.$/,
    ],
    ['cut.parquet', 'PAR1', 'SOURCE_SCHEMA', /cut\.parquet cannot be read: .{5,200}\.$/],
    ['none*.csv', null, 'SOURCE_NOT_FOUND', 'There is no file'],
  ])('says in a line why %s cannot be read', async (name, content, code, message) => {
    if (content !== null) writeFileSync(at(name), content);
    const error = await report(at(name), at(name)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({code, message: expect.stringMatching(message)});
    expect((error as Error).message).not.toMatch(/\n|DuckDB|SELECT/);
  });
});
