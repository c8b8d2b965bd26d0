/** The embedded SQL engine. Each query has a connection of its own, since a connection runs one at a time. */
import type {DuckDBConnection, DuckDBInstance} from '@duckdb/node-api';
import {type ColumnSpec, type Columns, MillraceError} from '../../protocol/index.ts';
import type {SqlEngine, SqlParameter} from '../sql-engine.ts';
import {writeParquetFile} from './parquet-writer.ts';
import {kindOf} from './projection.ts';
import {openStream, prepare} from './result-stream.ts';

type RowValue = string | number | boolean | null;

export class DuckDbEngine implements SqlEngine {
  readonly dialect = 'duckdb';
  readonly #instance: DuckDBInstance;
  readonly #open = new Set<DuckDBConnection>();
  /** Settles when no connection is being made. */
  #connecting: Promise<unknown> = Promise.resolve();
  #closed = false;
  #files = 0;

  /** Use `openDuckDb`. */
  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  async *stream(sql: string, parameters: readonly SqlParameter[] = []): AsyncGenerator<Columns> {
    const connection = await this.#connect();
    try {
      const {batches} = await openStream(connection, sql, parameters);
      for await (const batch of batches) {
        yield batch;
        this.#assertOpen();
      }
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#disconnect(connection);
    }
  }

  async rows(sql: string, parameters: readonly SqlParameter[] = []): Promise<Record<string, RowValue>[]> {
    return this.#with(async connection => {
      const {columns, batches} = await openStream(connection, sql, parameters);
      const kinds = columns.map(column => ({name: column.name, isBoolean: kindOf(column) === 'boolean'}));
      const rows: Record<string, RowValue>[] = [];
      for await (const batch of batches)
        for (let i = 0; i < batch.count; i++)
          rows.push(
            Object.fromEntries(
              kinds.map(({name, isBoolean}) => {
                const value = batch.columns[name]![i] ?? null;
                if (typeof value !== 'number') return [name, value];
                if (Number.isNaN(value)) return [name, null];
                return [name, isBoolean ? value !== 0 : value];
              }),
            ),
          );
      return rows;
    });
  }

  async run(sql: string, parameters: readonly SqlParameter[] = []): Promise<void> {
    await this.#with(async connection => {
      if (parameters.length === 0) await connection.run(sql);
      else await (await prepare(connection, sql, parameters)).run();
    });
  }

  async writeParquet(
    path: string,
    columns: readonly ColumnSpec[],
    batches: AsyncIterable<Columns> | Iterable<Columns>,
  ): Promise<void> {
    const beside = `${path}.${process.pid}-${++this.#files}.unfinished`;
    await this.#with(connection => writeParquetFile(connection, path, beside, columns, batches));
  }

  /** Interrupts what runs. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#connecting;
    for (const connection of this.#open) connection.interrupt();
    this.#instance.closeSync();
  }

  async #with<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await use(connection);
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#disconnect(connection);
    }
  }

  async #connect(): Promise<DuckDBConnection> {
    this.#assertOpen();
    const connecting = this.#instance.connect();
    this.#connecting = Promise.allSettled([this.#connecting, connecting]);
    const connection = await connecting;
    this.#open.add(connection);
    return connection;
  }

  #disconnect(connection: DuckDBConnection): void {
    this.#open.delete(connection);
    connection.closeSync();
  }

  #assertOpen(): void {
    if (this.#closed)
      throw new MillraceError('STORE_CLOSED', 'The SQL engine is closed.', {fix: 'Open a new one to run queries.'});
  }

  /** DuckDB's own errors get a code; what the caller threw passes through. */
  #failure(error: unknown): unknown {
    if (error instanceof MillraceError || error instanceof TypeError || !(error instanceof Error)) return error;
    if (this.#closed) return new MillraceError('STORE_CLOSED', 'The SQL engine was closed.', {cause: error});
    if (!/^[A-Z][\w -]* Error: /.test(error.message)) return error;
    return new MillraceError('STORE_FAILED', `DuckDB could not run the query. ${error.message}`, {
      cause: error,
      fix: 'Check the query, the files it names and the memory limit.',
    });
  }
}
