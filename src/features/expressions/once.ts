// SQL that needs a value more than once, without writing out what computes it each time.
import type {Dialect} from './functions/function-spec.ts';

/** Longer expressions are computed in a lambda's argument; shorter ones are repeated, which engines do faster. */
const REPEATED_UP_TO = 120;

/**
 * `body` of the value of `sql`. Without this the text of nested calls would grow exponentially. `variable`
 * tells apart two values of one function; the dot keeps it apart from names of columns.
 */
export function once(dialect: Dialect, sql: string, body: (value: string) => string, variable = 'it'): string {
  if (sql.length <= REPEATED_UP_TO) return body(sql);
  if (dialect === 'duckdb') {
    const name = `"·${variable}"`;
    return `list_transform([${sql}], lambda ${name}: ${body(name)})[1]`;
  }
  const name = `\`·${variable}\``;
  return `get(transform(array(${sql}), ${name} -> ${body(name)}), 0)`;
}

/** The same form in both dialects, for functions that use an argument twice. */
export const inBoth = (form: (dialect: Dialect) => (...args: string[]) => string) => ({
  duckdb: form('duckdb'),
  spark: form('spark'),
});

/** `once` for several values. */
export function onceEach(dialect: Dialect, sqls: readonly string[], body: (...values: string[]) => string): string {
  const bind = (i: number, values: readonly string[]): string =>
    i === sqls.length ? body(...values) : once(dialect, sqls[i]!, value => bind(i + 1, [...values, value]), `it${i}`);
  return bind(0, []);
}
