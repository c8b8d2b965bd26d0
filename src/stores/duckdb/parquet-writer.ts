/**
 * Writes columns to a Parquet file: data chunks into a temporary table (all numbers as DOUBLE, NaN for null),
 * then one COPY that casts to the declared types, into a file beside the target that is renamed over it.
 */
import {mkdirSync} from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import {DOUBLE, type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, VARCHAR} from '@duckdb/node-api';
import type {ColumnSpec, Columns} from '../../protocol/index.ts';
import {setDoubles, setStrings} from './vectors.ts';

/** Rows of one DuckDB vector. */
const CHUNK_ROWS = 2_048;

/** @param connection used for nothing else meanwhile; `beside` is the path of the unfinished file */
export async function writeParquetFile(
  connection: DuckDBConnection,
  path: string,
  beside: string,
  columns: readonly ColumnSpec[],
  batches: AsyncIterable<Columns> | Iterable<Columns>,
): Promise<void> {
  if (columns.length === 0) throw new TypeError('A Parquet file needs at least one column.');
  mkdirSync(dirname(path), {recursive: true});
  const declared = columns.map(({type}, i) => `c${i} ${type === 'string' ? 'VARCHAR' : 'DOUBLE'}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE rows (${declared.join(', ')})`);
  try {
    const appender = await connection.createAppender('rows');
    try {
      for await (const batch of batches) appendBatch(appender, columns, batch);
    } finally {
      appender.closeSync();
    }
    const select = columns.map((spec, i) => `${stored(`c${i}`, spec)} AS ${quoted(spec.name, '"')}`).join(', ');
    await connection.run(
      `COPY (SELECT ${select} FROM rows) TO ${quoted(beside, "'")} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const file = await open(beside, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } finally {
    await rm(beside, {force: true});
    await connection.run('DROP TABLE rows');
  }
}

function appendBatch(appender: DuckDBAppender, columns: readonly ColumnSpec[], batch: Columns): void {
  const data = columns.map(({name, type}) => {
    const column = batch.columns[name];
    if (!column) throw new TypeError(`A batch lacks the column '${name}'.`);
    if (column instanceof Float64Array === (type === 'string'))
      throw new TypeError(`The column '${name}' is declared ${type}, and a batch has it otherwise.`);
    if (column.length !== batch.count)
      throw new TypeError(`A batch of ${batch.count} rows has ${column.length} values in '${name}'.`);
    return column;
  });
  const types = columns.map(({type}) => (type === 'string' ? VARCHAR : DOUBLE));
  for (let from = 0; from < batch.count; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, batch.count - from);
    const chunk = DuckDBDataChunk.create(types, count);
    data.forEach((column, i) => {
      if (column instanceof Float64Array) setDoubles(chunk, i, column.subarray(from, from + count));
      else setStrings(chunk, i, column, from);
    });
    appender.appendDataChunk(chunk);
  }
}

/** The value as it is stored: null for NaN, and of the declared type. */
function stored(place: string, {type}: ColumnSpec): string {
  if (type === 'string') return place;
  const value = `nullif(${place}, 'NaN'::DOUBLE)`;
  if (type === 'int') return `CAST(${value} AS BIGINT)`;
  if (type === 'bool') return `CAST(${value} AS BOOLEAN)`;
  if (type === 'time') return `make_timestamp_ms(CAST(${value} AS BIGINT))::TIMESTAMP_MS`;
  return value;
}

function quoted(text: string, mark: string): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
