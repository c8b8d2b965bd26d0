import type {ColumnSpec, Columns} from '../protocol/index.ts';

/** A scalar parameter of a query; never pasted into its text. */
export type SqlParameter = string | number | boolean | null;

/**
 * Analytical SQL over Parquet files. The dialect is the adapter's (`dialect`); queries are emitted for it
 * from plans. Every adapter passes `contract/sql-engine.ts`.
 */
export interface SqlEngine {
  readonly dialect: 'duckdb';
  /** Result column by column, in chunks, in the order of the query. Numbers and booleans become float64 (NaN = null), timestamps UTC ms, the rest strings. */
  stream(sql: string, parameters?: readonly SqlParameter[]): AsyncIterable<Columns>;
  /** The whole result as row objects: for small results. */
  rows(sql: string, parameters?: readonly SqlParameter[]): Promise<Record<string, string | number | boolean | null>[]>;
  /** A statement without a result. */
  run(sql: string, parameters?: readonly SqlParameter[]): Promise<void>;
  /** Writes a Parquet file atomically (a half-written file never stands at `path`). Times become TIMESTAMP_MS in UTC, integers BIGINT. */
  writeParquet(
    path: string,
    columns: readonly ColumnSpec[],
    batches: AsyncIterable<Columns> | Iterable<Columns>,
  ): Promise<void>;
  close(): Promise<void>;
}
