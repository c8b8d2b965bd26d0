// JSON rows to columns: what a client pushes is checked value by value here, with a message that its author
// can act on. Rows that pass are typed columns from then on.
import {type ColumnData, type Columns, parseTime, type TypeName} from '../../protocol/index.ts';
import {MAX_TIME_MS, show, TYPE_IN_WORDS} from '../checks/rule.ts';
import type {Source} from '../source.ts';
import type {Reason, Refusal} from './refusal.ts';

export type RowsRead = {
  readonly columns: Columns;
  /** Index in the pushed array of each row of `columns`. */
  readonly indexes: readonly number[];
  readonly refused: readonly Refusal[];
};

/** Reads rows as columns of the source; the column that may be null may also be absent. */
export function readRows(source: Source, rows: readonly unknown[]): RowsRead {
  const names = Object.keys(source.schema);
  const readers = names.map(name => READERS[source.schema[name]!.type]);
  const cells: (number | string | null)[][] = names.map(() => []);
  const indexes: number[] = [];
  const refused: Refusal[] = [];
  const read: (number | string | null)[] = new Array(names.length);
  for (let index = 0; index < rows.length; index++) {
    const reason = readRow(source, names, readers, rows[index], read);
    if (reason) {
      refused.push({index, ...reason});
      continue;
    }
    for (let k = 0; k < names.length; k++) cells[k]!.push(read[k]!);
    indexes.push(index);
  }
  const columns: Record<string, ColumnData> = {};
  names.forEach((name, k) => {
    columns[name] =
      source.schema[name]!.type === 'string'
        ? (cells[k] as (string | null)[])
        : Float64Array.from(cells[k]!, v => (v === null ? Number.NaN : (v as number)));
  });
  return {columns: {count: indexes.length, columns}, indexes, refused};
}

/** Fills `into` with the cells of one row, or says why it is refused. */
function readRow(
  source: Source,
  names: readonly string[],
  readers: readonly Reader[],
  row: unknown,
  into: (number | string | null)[],
): Reason | null {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return {
      check: 'type',
      message: `An event is an object with the columns ${names.join(', ')}; got ${show(row)}.`,
      example: show(row),
    };
  const fields = row as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields))
    if (!Object.hasOwn(source.schema, name))
      return {
        check: 'unknown column',
        message: `${show(name)} is no column of '${source.name}'; it has ${names.join(', ')}.`,
        example: show(name),
      };
  for (let k = 0; k < names.length; k++) {
    const name = names[k]!;
    const {type, nullable} = source.schema[name]!;
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value === null || value === undefined) {
      if (!nullable)
        return value === null
          ? {check: 'null', message: `${name} is null, and the schema says it never is.`, example: 'null'}
          : {check: 'missing column', message: `${name} is missing; it must be ${TYPE_IN_WORDS[type]}.`, example: name};
      into[k] = null;
      continue;
    }
    const cell = readers[k]!(value);
    if (cell === undefined)
      return {
        check: 'type',
        message: `${name} must be ${TYPE_IN_WORDS[type]}; got ${show(value)}.`,
        example: show(value),
      };
    into[k] = cell;
  }
  return null;
}

/** The cell of a JSON value, or undefined if the type has no such value. */
type Reader = (value: unknown) => number | string | undefined;

const LONE_SURROGATE = /\p{Surrogate}/u;

const READERS: Record<TypeName, Reader> = {
  // Half a surrogate pair has no UTF-8 form: it would come back from the disk as another text.
  string: v => (typeof v === 'string' && !LONE_SURROGATE.test(v) ? v : undefined),
  number: v => (typeof v === 'number' && Number.isFinite(v) ? v : undefined),
  int: v => (Number.isSafeInteger(v) ? (v as number) : undefined),
  bool: v => (typeof v === 'boolean' ? Number(v) : undefined),
  time: v => {
    if (typeof v === 'string') return parseTime(v);
    const ms = v instanceof Date ? v.getTime() : v;
    return Number.isInteger(ms) && Math.abs(ms as number) <= MAX_TIME_MS ? (ms as number) : undefined;
  },
};
