// Expressions as SQL.
import type {Value} from '../../protocol/index.ts';
import type {Dialect} from './functions/function-spec.ts';
import {functionSpec} from './functions.ts';
import type {Node} from './node.ts';
import {once} from './once.ts';
import {identifier, quoted, sparkIdentifier} from './quoted.ts';
import {regexSql} from './regex.ts';

export {identifier};

/** A number with an exponent is a DOUBLE in both dialects; digits alone would be a DECIMAL. */
function literal(value: Value, dialect: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value, dialect);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  const digits = String(value);
  const double = digits.includes('e') ? digits : `${digits}e0`;
  return value < 0 ? `(${double})` : double;
}

/** Infinities and NaN (which both engines sort above all numbers) become null. */
const guarded = (dialect: Dialect, sql: string): string =>
  once(dialect, sql, x => `(CASE WHEN abs(${x}) <= 1.7976931348623157e308 THEN ${x} END)`);

/**
 * SQL of an expression. Numbers are computed as DOUBLE, as JavaScript does; times are epoch milliseconds, also
 * as a result. `column` gives the SQL of a column.
 */
export function expressionSql(node: Node, column?: (name: string) => string, dialect: Dialect = 'duckdb'): string {
  const columnSql = column ?? (dialect === 'duckdb' ? identifier : sparkIdentifier);
  const write = (n: Node, mayOverflow: boolean): string => {
    if (n.op === 'literal') return literal(n.value, dialect);
    if (n.op === 'column')
      return n.type === 'string' || n.type === 'bool' ? columnSql(n.name) : `CAST(${columnSql(n.name)} AS DOUBLE)`;
    const {sql, takes, overflows, carries = 0} = functionSpec(n.fn);
    const form = typeof sql === 'function' ? sql : sql[dialect];
    const args = n.args.map((arg, i) =>
      takes[i] === 'pattern' && arg.op === 'literal'
        ? quoted(regexSql(String(arg.value)), dialect)
        : write(arg, i < carries),
    );
    const text = form(...args);
    return overflows && !mayOverflow ? guarded(dialect, text) : text;
  };
  return write(node, false);
}
