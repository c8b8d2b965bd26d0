import type {TypeName} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quoteText} from '../sql-text.ts';
import {quotePath} from './files.ts';
import type {Scan} from './scan.ts';

/** What the engine guesses for a column of JSON values; `JSON` means mixed or always null. */
const FITS: Record<TypeName, RegExp> = {
  string: /^(VARCHAR|UUID|TIMESTAMP[^[]*|DATE|TIME|JSON)$/,
  number: /^(U?BIGINT|HUGEINT|DOUBLE|JSON)$/,
  int: /^(U?BIGINT|HUGEINT|DOUBLE|JSON)$/,
  bool: /^(BOOLEAN|JSON)$/,
  time: /^(VARCHAR|TIMESTAMP[^[]*|DATE|U?BIGINT|DOUBLE|JSON)$/,
};

/**
 * Files with one JSON object a line. Columns are found in the first 20,480 lines of each file; keys that only
 * come later are ignored. Values must be JSON of the declared type; a time is ISO 8601, in UTC unless it names
 * its zone, or epoch milliseconds.
 */
export async function jsonLinesScan(
  files: readonly string[],
  declared: readonly string[],
  sql: SqlEngine,
): Promise<Scan> {
  const paths = `[${files.map(quotePath).join(', ')}]`;
  const described = await sql.rows(
    `DESCRIBE SELECT * FROM read_ndjson(${paths}, union_by_name = true, hive_partitioning = false)`,
  );
  const columns = declared.map(name => `${quoteText(name)}: 'JSON'`).join(', ');
  return {
    relation: `read_ndjson(${paths}, hive_partitioning = false, columns = {${columns}})`,
    found: new Map(described.map(row => [String(row.column_name), String(row.column_type)])),
    mayBeAbsent: true,
    listsOnly: true,
    fits: (found, type) => FITS[type].test(found),
    value(column, type) {
      const kind = `json_type(${column})`;
      const isNumber = `${kind} NOT IN ('VARCHAR', 'BOOLEAN', 'OBJECT', 'ARRAY', 'NULL')`;
      if (type === 'string') return `CASE WHEN ${kind} = 'VARCHAR' THEN ${column}->>'$' END`;
      if (type === 'bool') return `CASE WHEN ${kind} = 'BOOLEAN' THEN TRY_CAST(${column} AS BOOLEAN) END`;
      if (type === 'time')
        return `CASE WHEN ${kind} = 'VARCHAR' THEN epoch_ms(TRY_CAST(${column}->>'$' AS TIMESTAMPTZ)) WHEN ${isNumber} THEN TRY_CAST(${column} AS DOUBLE) END`;
      return `CASE WHEN ${isNumber} THEN TRY_CAST(${column} AS DOUBLE) END`;
    },
    convertible: () => true,
    raw: column => column,
  };
}
