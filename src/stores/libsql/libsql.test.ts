import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'libsql';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {describeMetadataStore} from '../contract/metadata-store.ts';
import {openLibsql} from './index.ts';
import {LIST, LIST_PREFIX, REMOVE} from './schema.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-libsql-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describeMetadataStore('libsql', {open: () => openLibsql(join(folder, 'deep', 'metadata.db'))});
describeMetadataStore('libsql, acknowledged by the disk', {
  open: () => openLibsql(join(folder, 'metadata.db'), {durability: 'disk'}),
});

describe('libsql', () => {
  test('says that a file is no database', async () => {
    const file = join(folder, 'other.txt');
    writeFileSync(file, 'this is not a database, but it is long enough to look at it as if it were one'.repeat(50));
    await expect(openLibsql(file)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(file),
    });
  });

  test('finds lists in an index, without sorting a kind or walking through it', async () => {
    const file = join(folder, 'metadata.db');
    await (await openLibsql(file)).close();
    const database = new Database(file);
    const plan = (sql: string, ...parameters: unknown[]) =>
      (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as {detail: string}[]).map(
        ({detail}) => detail,
      );
    for (const sql of Object.values(LIST))
      expect(plan(sql, 'run', 0, 1, 10)).toEqual([
        'SEARCH records USING INDEX records_by_time (kind=? AND at>? AND at<?)',
      ]);
    for (const sql of Object.values(LIST_PREFIX))
      expect(plan(sql, 'run', 'a', 'a', 0, 1, 10)[0]).toBe(
        'SEARCH records USING PRIMARY KEY (kind=? AND id>? AND id<?)',
      );
    expect(plan(REMOVE, 'run', 'run', 1, 10).filter(step => step.startsWith('SEARCH'))).toEqual([
      'SEARCH records USING PRIMARY KEY (kind=? AND id=?)',
      'SEARCH records USING COVERING INDEX records_by_time (kind=? AND at<?)',
    ]);
    database.close();
  });
});
