import type {Value} from '../../protocol/index.ts';
import {functionSpec} from './functions.ts';
import type {Node} from './node.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An identifier in SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function literal(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return `CAST(${value} AS DOUBLE)`;
}

/**
 * DuckDB SQL of an expression. Numbers are computed as DOUBLE, as JavaScript does; times are epoch
 * milliseconds. `column` gives the SQL of a column.
 */
export function expressionSql(node: Node, column: (name: string) => string = identifier): string {
  if (node.op === 'literal') return literal(node.value);
  if (node.op === 'column')
    return node.type === 'string' || node.type === 'bool' ? column(node.name) : `CAST(${column(node.name)} AS DOUBLE)`;
  return functionSpec(node.fn).sql(...node.args.map(arg => expressionSql(arg, column)));
}
