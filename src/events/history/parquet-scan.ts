import type {TypeName} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {quotePath} from './files.ts';
import type {Scan} from './scan.ts';

const NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\([\d,]+\))$/;
const FITS: Record<TypeName, RegExp> = {
  string: /^(VARCHAR|UUID|ENUM\(.*\))$/,
  number: NUMBER,
  int: NUMBER,
  bool: /^BOOLEAN$/,
  time: /^(TIMESTAMP[^[]*|DATE|U?INTEGER|U?BIGINT)$/,
};

/** Parquet files: columns keep their types, and integers may stand for times as epoch milliseconds. */
export async function parquetScan(files: readonly string[], sql: SqlEngine): Promise<Scan> {
  const relation = `read_parquet([${files.map(quotePath).join(', ')}], union_by_name = true, hive_partitioning = false)`;
  const described = await sql.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return {
    relation,
    found: new Map(described.map(row => [String(row.column_name), String(row.column_type)])),
    mayBeAbsent: false,
    fits: (found, declared) => FITS[declared].test(found),
    value(column, declared, found) {
      if (declared === 'number' || declared === 'int') return `CAST(${column} AS DOUBLE)`;
      if (declared === 'string') return `CAST(${column} AS VARCHAR)`;
      if (declared === 'bool') return column;
      return isTimestamp(found) ? `epoch_ms(${column})` : `CAST(${column} AS BIGINT)`;
    },
    // An infinite timestamp has no milliseconds.
    convertible: (declared, found) => declared === 'time' && isTimestamp(found),
    raw: column => `CAST(${column} AS VARCHAR)`,
  };
}

const isTimestamp = (found: string) => found.startsWith('TIMESTAMP') || found === 'DATE';
