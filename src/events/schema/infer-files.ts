import {MAX_VECTOR_SIZE, type TypeName, type Value} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {csvScan} from '../history/csv-scan.ts';
import {originFiles} from '../history/files.ts';
import {jsonLinesScan} from '../history/json-lines-scan.ts';
import {parquetScan} from '../history/parquet-scan.ts';
import {requireWhole} from '../history/parquet-whole.ts';
import type {Scan} from '../history/scan.ts';
import {isVector} from '../history/vector-scan.ts';
import type {FileOrigin} from '../origin.ts';
import {quoteName} from '../sql-text.ts';
import {byValue, COUNTED_VALUES, examplesOf, type InferredColumn, type InferredSchema} from './inferred-schema.ts';

export type InferOptions = {
  readonly sql: SqlEngine;
  readonly origin: FileOrigin;
  /** What the path of the origin is relative to. */
  readonly folder: string;
  /** How many different values of a column are counted; 20 unless told. */
  readonly values?: number;
};

/** Narrowest first. In CSV 0 and 1 are integers rather than false and true. */
const TYPES: readonly TypeName[] = ['bool', 'int', 'number', 'time', 'string'];
const CSV_TYPES: readonly TypeName[] = ['int', 'number', 'bool', 'time', 'string'];
const FLOAT = /^(FLOAT|DOUBLE|DECIMAL)/;

/** One way to read a column: an expression that is null where a value is something else. */
type Reading = {readonly type: TypeName; readonly size: number | null; readonly value: string};

/**
 * What the files of an origin turn out to hold, by whole scans of them: as the history reader would read them,
 * so that a source with this schema (`schemaText`) loads. A column has the narrowest type that all of its values
 * have, else the one that most have. Throws SOURCE_NOT_FOUND, and SOURCE_SCHEMA if the files cannot be read.
 */
export async function inferSchema(options: InferOptions): Promise<InferredSchema> {
  const {sql, origin, folder, values = COUNTED_VALUES} = options;
  const scan = await openScan(await originFiles(origin, folder, sql), origin, sql);
  const columns: InferredColumn[] = [];
  let rows = 0;
  for (const name of scan.found.keys()) {
    const {count, given, reading, fitting} = await bestReading(scan, name, origin, sql);
    rows = count;
    const seen = reading.size === null ? await valuesOf(scan, reading, values, sql) : NO_VALUES;
    columns.push({
      name,
      type: reading.type,
      size: reading.size,
      nullable: given < count,
      nullShare: count === 0 ? 0 : 1 - given / count,
      misfits: given - fitting,
      ...seen,
    });
  }
  return {format: 1, rows, columns};
}

async function openScan(files: readonly string[], {format}: FileOrigin, sql: SqlEngine): Promise<Scan> {
  if (format === 'csv') return csvScan(files, sql);
  if (format === 'jsonl') {
    const {found} = await jsonLinesScan(files, [], sql);
    return jsonLinesScan(files, [...found.keys()], sql);
  }
  await requireWhole(files);
  return parquetScan(files, sql);
}

async function bestReading(scan: Scan, name: string, {format}: FileOrigin, sql: SqlEngine) {
  const found = scan.found.get(name)!;
  const column = quoteName(name);
  const types = (format === 'csv' ? CSV_TYPES : TYPES).filter(
    type => scan.fits(found, type) && !(type === 'int' && format === 'parquet' && FLOAT.test(found)),
  );
  const readings: Reading[] = types.map(type => ({
    type,
    size: null,
    value: valid(type, scan.value(column, type, found)),
  }));
  const size = await vectorSize(scan, column, found, format, sql);
  if (size !== null) readings.push({type: 'number', size, value: vectorValue(column, size, format === 'jsonl')});
  // Of a column that nothing can be made of, such as a struct, no value is a text.
  if (readings.length === 0) readings.push({type: 'string', size: null, value: 'CAST(NULL AS VARCHAR)'});
  const counts = readings.map(({value}, i) => `count(${value}) AS fit_${i}`);
  const [row] = await sql.rows(
    `SELECT count(*) AS rows, count(${column}) AS given, ${counts.join(', ')} FROM ${scan.relation}`,
  );
  const given = Number(row!.given);
  const fits = readings.map((_, i) => Number(row![`fit_${i}`]));
  const empty = readings.findIndex(({type}) => type === 'string');
  const best = given === 0 && empty >= 0 ? empty : fits.indexOf(Math.max(...fits));
  return {count: Number(row!.rows), given, reading: readings[best]!, fitting: fits[best]!};
}

/** A value where it is one that a column of the type can hold. */
function valid(type: TypeName, value: string): string {
  if (type === 'int')
    return `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < 9007199254740992 THEN ${value} END`;
  return type === 'number' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value;
}

/** The size that most lists of a column have; null if there are none, or none of a size that a vector can have. */
async function vectorSize(
  scan: Scan,
  column: string,
  found: string,
  format: FileOrigin['format'],
  sql: SqlEngine,
): Promise<number | null> {
  if (format === 'csv') return null;
  if (!/\[\d*\]$/.test(found) && found !== 'JSON') return null;
  const length = format === 'jsonl' ? `json_array_length(${column})` : `len(${column})`;
  const isList = format === 'jsonl' ? `json_type(${column}) = 'ARRAY'` : `${column} IS NOT NULL`;
  const [row] = await sql.rows(
    `SELECT ${length} AS size FROM ${scan.relation} WHERE ${isList} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
  );
  const size = Number(row?.size ?? 0);
  return size >= 1 && size <= MAX_VECTOR_SIZE ? size : null;
}

function vectorValue(column: string, size: number, isJson: boolean): string {
  return `CASE WHEN ${isVector(column, size, isJson)} THEN 0 END`;
}

type Seen = Pick<InferredColumn, 'min' | 'max' | 'distinct' | 'values' | 'examples'>;

const NO_VALUES: Seen = {min: null, max: null, distinct: null, values: null, examples: []};

async function valuesOf(scan: Scan, {type, value}: Reading, most: number, sql: SqlEngine): Promise<Seen> {
  const typed = type === 'time' ? `CAST(${value} AS DOUBLE)` : value;
  const shown = (v: Value) => (type === 'time' && v !== null ? new Date(Number(v)).toISOString() : v);
  const distinct = await sql.rows(
    `SELECT DISTINCT ${typed} AS v FROM ${scan.relation} WHERE ${value} IS NOT NULL LIMIT ${most + 1}`,
  );
  const few = distinct.length <= most ? distinct.map(({v}) => v as Value).sort(byValue) : null;
  let [least, greatest] = [few?.[0] ?? null, few?.at(-1) ?? null];
  if (few === null) {
    const [row] = await sql.rows(`SELECT min(${typed}) AS low, max(${typed}) AS high FROM ${scan.relation}`);
    [least, greatest] = [row!.low as Value, row!.high as Value];
  }
  const ordered = type === 'number' || type === 'int' || type === 'time';
  return {
    min: ordered ? (shown(least) as number | string | null) : null,
    max: ordered ? (shown(greatest) as number | string | null) : null,
    distinct: few?.length ?? null,
    values: few !== null && type === 'string' ? (few as string[]) : null,
    examples: examplesOf(few?.map(shown) ?? null, shown(least), shown(greatest)),
  };
}
