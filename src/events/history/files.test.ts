import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {csv, type FileOrigin, jsonLines, parquet} from '../origin.ts';
import {originFiles} from './files.ts';

const FILES = [
  'one.csv',
  'two.csv',
  'notes.txt',
  'a/x.csv',
  'a/y.csv.gz',
  'a/b/x.csv',
  'a/b/c/x.csv',
  'parts/2.parquet',
  'parts/10.parquet',
  'parts/deep/3.parquet',
  'parts/_SUCCESS',
  'lines/a.jsonl',
  'lines/b.ndjson.gz',
  'odd [1]/x.csv',
];

let folder = '';
let sql: SqlEngine;
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
  folder = mkdtempSync(join(tmpdir(), 'millrace-files-'));
  for (const path of FILES) {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), '');
  }
  symlinkSync(join(folder, 'one.csv'), join(folder, 'linked.csv'));
});
afterAll(async () => {
  await sql.close();
  rmSync(folder, {recursive: true});
});

const found = async (origin: FileOrigin) =>
  (await originFiles(origin, folder, sql)).map(path => relative(folder, path));

test.each<[string, FileOrigin, string[]]>([
  ['a file', csv('one.csv'), ['one.csv']],
  ['a file whose name is no extension of the format', csv('notes.txt'), ['notes.txt']],
  ['a link to a file', csv('linked.csv'), ['linked.csv']],
  ['a folder, and all below it', csv('a'), ['a/b/c/x.csv', 'a/b/x.csv', 'a/x.csv', 'a/y.csv.gz']],
  [
    'a folder, files of other formats left out',
    parquet('parts'),
    ['parts/10.parquet', 'parts/2.parquet', 'parts/deep/3.parquet'],
  ],
  ['a folder of JSON lines', jsonLines('lines'), ['lines/a.jsonl', 'lines/b.ndjson.gz']],
  ['a star, which stays in one folder', parquet('parts/*.parquet'), ['parts/10.parquet', 'parts/2.parquet']],
  ['a star in the middle', csv('a/*/x.csv'), ['a/b/x.csv']],
  ['two stars, which go down to any depth', csv('a/**/x.csv'), ['a/b/c/x.csv', 'a/b/x.csv', 'a/x.csv']],
  ['a question mark and brackets', csv('a/[xy].cs?'), ['a/x.csv']],
  ['a folder whose name looks like a pattern', csv('odd [1]'), ['odd [1]/x.csv']],
])('%s', async (_, origin, files) => {
  expect(await found(origin)).toEqual(files);
});

test('an absolute path is taken as it is', async () => {
  expect(await found(csv(join(folder, 'a/**/x.csv')))).toEqual(['a/b/c/x.csv', 'a/b/x.csv', 'a/x.csv']);
});
