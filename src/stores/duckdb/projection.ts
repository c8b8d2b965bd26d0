/**
 * What a query is wrapped in so that every column arrives as DOUBLE without nulls or as VARCHAR: the casts then
 * run inside DuckDB, vectorised, and reading is copying memory.
 */
import {DuckDBTypeId as Id} from '@duckdb/node-api';
import {MillraceError} from '../../protocol/index.ts';

export type ResultColumn = {readonly name: string; readonly typeId: number};

/** How a result column is to be taken; booleans arrive as 0 and 1. */
export type Kind = 'number' | 'boolean' | 'time' | 'string';

const NUMBERS: ReadonlySet<number> = new Set([
  Id.TINYINT,
  Id.SMALLINT,
  Id.INTEGER,
  Id.BIGINT,
  Id.HUGEINT,
  Id.UTINYINT,
  Id.USMALLINT,
  Id.UINTEGER,
  Id.UBIGINT,
  Id.UHUGEINT,
  Id.FLOAT,
  Id.DOUBLE,
  Id.DECIMAL,
  Id.SQLNULL,
]);

const TIMES: ReadonlySet<number> = new Set([
  Id.TIMESTAMP,
  Id.TIMESTAMP_S,
  Id.TIMESTAMP_MS,
  Id.TIMESTAMP_NS,
  Id.TIMESTAMP_TZ,
  Id.DATE,
]);

export function kindOf({typeId}: ResultColumn): Kind {
  if (NUMBERS.has(typeId)) return 'number';
  if (typeId === Id.BOOLEAN) return 'boolean';
  return TIMES.has(typeId) ? 'time' : 'string';
}

/** The wrapped query. Columns are taken by place, whatever they are called. */
export function projected(sql: string, columns: readonly ResultColumn[]): string {
  const expressions = columns.map((column, i) => expression(`c${i}`, column));
  const places = columns.map((_, i) => `c${i}`);
  return `SELECT ${expressions.join(', ')} FROM (\n${withoutSemicolon(sql)}\n) AS result(${places.join(', ')})`;
}

/** A query that has the columns of `sql` and no rows. */
export function withoutRows(sql: string): string {
  return `SELECT * FROM (\n${withoutSemicolon(sql)}\n) LIMIT 0`;
}

/** Throws REQUEST_INVALID if two columns have the same name: a result keeps its columns by name. */
export function assertDistinctNames(columns: readonly ResultColumn[]): void {
  const seen = new Set<string>();
  for (const {name} of columns) {
    if (seen.has(name))
      throw new MillraceError('REQUEST_INVALID', `The query has two columns called '${name}'.`, {
        fix: 'Give each column of the query its own name with AS.',
      });
    seen.add(name);
  }
}

function expression(place: string, column: ResultColumn): string {
  const kind = kindOf(column);
  if (kind === 'string') return column.typeId === Id.VARCHAR ? place : `CAST(${place} AS VARCHAR)`;
  const value =
    kind !== 'time'
      ? place
      : column.typeId === Id.TIMESTAMP_TZ
        ? `epoch_ms(${place})`
        : `epoch_ms(${place}::TIMESTAMP)`;
  return `coalesce(CAST(${value} AS DOUBLE), 'NaN'::DOUBLE)`;
}

function withoutSemicolon(sql: string): string {
  return sql.replace(/[;\s]+$/, '');
}
