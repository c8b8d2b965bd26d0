/** Runs a query and hands its result out column by column, in batches of about 16,000 rows. */
import type {DuckDBConnection, DuckDBDataChunk, DuckDBPreparedStatement, DuckDBResult} from '@duckdb/node-api';
import type {Columns} from '../../protocol/index.ts';
import type {SqlParameter} from '../sql-engine.ts';
import {assertDistinctNames, kindOf, projected, type ResultColumn, withoutRows} from './projection.ts';
import {doublesOf, StringReader} from './vectors.ts';

const BATCH_ROWS = 16_384;

export type ResultStream = {readonly columns: readonly ResultColumn[]; readonly batches: AsyncIterable<Columns>};

export async function openStream(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly SqlParameter[],
): Promise<ResultStream> {
  const columns = await columnsOf(connection, sql, parameters);
  assertDistinctNames(columns);
  const result = await (await prepare(connection, projected(sql, columns), parameters)).stream();
  return {columns, batches: batchesOf(result, columns)};
}

/** A prepared statement with its parameters bound: whole numbers as BIGINT, so that LIMIT takes them. */
export async function prepare(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly SqlParameter[],
): Promise<DuckDBPreparedStatement> {
  const statement = await connection.prepare(sql);
  parameters.forEach((value, i) => {
    if (value === null) statement.bindNull(i + 1);
    else if (typeof value === 'string') statement.bindVarchar(i + 1, value);
    else if (typeof value === 'boolean') statement.bindBoolean(i + 1, value);
    else if (Number.isSafeInteger(value)) statement.bindBigInt(i + 1, BigInt(value));
    else statement.bindDouble(i + 1, value);
  });
  return statement;
}

async function columnsOf(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly SqlParameter[],
): Promise<ResultColumn[]> {
  const statement = await connection.prepare(sql);
  const columns = describe(statement);
  statement.destroySync();
  if (columns.every(({typeId}) => typeId !== 0)) return columns;
  // A type that depends on a parameter is known only once that is bound.
  return describe(await (await prepare(connection, withoutRows(sql), parameters)).run());
}

function describe(source: DuckDBPreparedStatement | DuckDBResult): ResultColumn[] {
  return Array.from({length: source.columnCount}, (_, i) => ({
    name: source.columnName(i),
    typeId: source.columnTypeId(i),
  }));
}

async function* batchesOf(result: DuckDBResult, columns: readonly ResultColumn[]): AsyncGenerator<Columns> {
  const strings = new StringReader();
  let chunks: DuckDBDataChunk[] = [];
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    const ended = chunk === null || chunk.rowCount === 0;
    if (rows > 0 && (ended || rows + chunk.rowCount > BATCH_ROWS)) {
      yield join(chunks, rows, columns, strings);
      chunks = [];
      rows = 0;
    }
    if (ended) return;
    chunks.push(chunk);
    rows += chunk.rowCount;
  }
}

/** Copies the chunks' memory, which is theirs, into columns that are the caller's. */
function join(
  chunks: readonly DuckDBDataChunk[],
  count: number,
  columns: readonly ResultColumn[],
  strings: StringReader,
): Columns {
  const joined = columns.map((column, place) => {
    if (kindOf(column) === 'string') {
      const values: (string | null)[] = [];
      for (const chunk of chunks) strings.read(chunk, place, values);
      return [column.name, values] as const;
    }
    const values = new Float64Array(count);
    let at = 0;
    for (const chunk of chunks) {
      values.set(doublesOf(chunk, place), at);
      at += chunk.rowCount;
    }
    return [column.name, values] as const;
  });
  return {count, columns: Object.fromEntries(joined)};
}
