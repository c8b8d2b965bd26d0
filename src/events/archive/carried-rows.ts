/** Events that only an older layout of the archive still has, in the columns of a new one. */
import type {ColumnSpec, Columns} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quoteName} from '../sql-text.ts';
import {type PartFolder, readParquet} from './part-folder.ts';
import {SQL_TYPE} from './sql-type.ts';

/** Those at positions before `to`; null if there are none. What a column cannot hold, or did not have, is null. */
export async function carriedRows(
  sql: SqlEngine,
  older: PartFolder,
  specs: readonly ColumnSpec[],
  to: number,
): Promise<AsyncIterable<Columns> | null> {
  const paths = older.pathsIn({from: -Infinity, to: Infinity});
  if (paths.length === 0) return null;
  const from = readParquet(paths);
  const described = await sql.rows(`DESCRIBE SELECT * FROM ${from}`);
  const had = new Set(described.map(row => row.column_name));
  const columns = specs.map(({name, type}) => {
    const value = had.has(name) ? quoteName(name) : 'NULL';
    return `TRY_CAST(${value} AS ${SQL_TYPE[type]}) AS ${quoteName(name)}`;
  });
  return sql.stream(`SELECT ${columns.join(', ')} FROM ${from} WHERE _position < ${to} ORDER BY _position`);
}
