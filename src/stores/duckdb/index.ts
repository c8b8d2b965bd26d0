/** The embedded SQL engine: DuckDB in memory, over Parquet files. */
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import type {SqlEngine} from '../sql-engine.ts';
import {DuckDbEngine} from './duckdb-engine.ts';

export type DuckDbOptions = {
  /** What queries may hold in memory before they go to the temporary folder. `1.5GB`. */
  readonly memoryLimit?: string;
  /** 2. */
  readonly threads?: number;
  /** Where queries that need more than the memory limit spill; made when needed. A folder of the system's temporary one. */
  readonly temporaryFolder?: string;
};

/** Opens an engine. Nothing is ever downloaded: only the extensions that are built in can be used. */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<SqlEngine> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit ?? '1.5GB',
    threads: String(options.threads ?? 2),
    temp_directory: options.temporaryFolder ?? join(tmpdir(), `millrace-duckdb-${process.pid}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return new DuckDbEngine(instance);
}
