import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {describeSqlEngine} from '../contract/sql-engine.ts';
import {openDuckDb} from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-duckdb-test-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describeSqlEngine('DuckDB', {open: () => openDuckDb(), folder: () => folder});

describe('DuckDB', () => {
  test('works in UTC, within the given limits, and downloads nothing', async () => {
    const engine = await openDuckDb({memoryLimit: '500MB', threads: 1, temporaryFolder: join(folder, 'spill')});
    const names = ['TimeZone', 'memory_limit', 'threads', 'temp_directory', 'autoinstall_known_extensions'];
    const settings = await engine.rows(
      `SELECT name, value FROM duckdb_settings() WHERE name IN (${names.map(name => `'${name}'`).join(', ')}) ORDER BY name`,
    );
    expect(Object.fromEntries(settings.map(({name, value}) => [name, value]))).toEqual({
      TimeZone: 'UTC',
      memory_limit: '476.8 MiB',
      threads: '1',
      temp_directory: join(folder, 'spill'),
      autoinstall_known_extensions: 'false',
    });
    await expect(engine.rows("SELECT * FROM 'https://example.org/a.parquet'")).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    await engine.close();
  });
});
