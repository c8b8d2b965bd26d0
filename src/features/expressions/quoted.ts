// Names and strings in SQL.
import type {Dialect} from './functions/function-spec.ts';

/** A string literal. Spark reads backslashes as escapes, and joins two literals that touch. */
export function quoted(text: string, dialect: Dialect): string {
  if (dialect === 'duckdb') return `'${text.replaceAll("'", "''")}'`;
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** An identifier in DuckDB's SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An identifier in Spark SQL. */
export const sparkIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
