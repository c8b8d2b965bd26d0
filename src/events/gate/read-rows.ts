// JSON rows to columns: what a client pushes is checked value by value here, with a message that its author
// can act on. Rows that pass are typed columns from then on.
import {type ColumnData, type Columns, parseTime, type TypeName} from '../../protocol/index.ts';
import {MAX_TIME_MS, show, TYPE_IN_WORDS} from '../checks/rule.ts';
import {type DoorColumn, doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';
import type {Reason, Refusal} from './refusal.ts';

export type RowsRead = {
  readonly columns: Columns;
  /** Index in the pushed array of each row of `columns`. */
  readonly indexes: readonly number[];
  readonly refused: readonly Refusal[];
};

type Cell = number | string | null;

/** Reads rows as columns of the source; the column that may be null may also be absent. */
export function readRows(source: Source, rows: readonly unknown[]): RowsRead {
  const fields = doorColumns(source).map(readField);
  const known = new Set(fields.map(({name}) => name));
  const names = Object.keys(source.schema);
  const cells: Cell[][] = names.map(() => []);
  const indexes: number[] = [];
  const refused: Refusal[] = [];
  const read: Cell[] = [];
  for (let index = 0; index < rows.length; index++) {
    const reason = readRow(source.name, fields, known, rows[index], read);
    if (reason) refused.push({index, ...reason});
    else {
      for (let k = 0; k < names.length; k++) cells[k]!.push(read[k]!);
      indexes.push(index);
    }
    read.length = 0;
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

/** One column at the door: takes the cells of a value, and says whether it has any. */
type Field = {
  readonly name: string;
  readonly nullable: boolean;
  readonly width: number;
  /** What a value must be. */
  readonly words: string;
  readonly take: (value: unknown, into: Cell[]) => boolean;
  readonly show: (value: unknown) => string;
};

function readField({name, type: {type, nullable}, size}: DoorColumn): Field {
  if (size !== null) {
    const words = `an array of ${size} finite numbers`;
    return {name, nullable, width: size, words, take: takeVector(size), show: value => showVector(value, size)};
  }
  const read = READERS[type];
  const take = (value: unknown, into: Cell[]) => {
    const cell = read(value);
    if (cell === undefined) return false;
    into.push(cell);
    return true;
  };
  return {name, nullable, width: 1, words: TYPE_IN_WORDS[type], take, show};
}

const takeVector = (size: number) => (value: unknown, into: Cell[]) => {
  if (!Array.isArray(value) || value.length !== size) return false;
  for (const v of value) {
    if (!Number.isFinite(v)) return false;
    into.push(v as number);
  }
  return true;
};

/** What is wrong with a value that is no vector of `size` finite numbers. */
function showVector(value: unknown, size: number): string {
  if (!Array.isArray(value)) return show(value);
  if (value.length !== size) return `an array of ${value.length}`;
  const at = value.findIndex(v => !Number.isFinite(v));
  return `${show(value[at])} at index ${at}`;
}

/** Adds the cells of one row to `into`, or says why it is refused. */
function readRow(
  stream: string,
  fields: readonly Field[],
  known: ReadonlySet<string>,
  row: unknown,
  into: Cell[],
): Reason | null {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return {
      check: 'type',
      message: `An event is an object with the columns ${[...known].join(', ')}; got ${show(row)}.`,
      example: show(row),
    };
  const given = row as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!known.has(name))
      return {
        check: 'unknown column',
        message: `${show(name)} is no column of '${stream}'; it has ${[...known].join(', ')}.`,
        example: show(name),
      };
  for (const {name, nullable, width, words, take, show: shown} of fields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === null || value === undefined) {
      if (!nullable)
        return value === null
          ? {check: 'null', message: `${name} is null, and the schema says it never is.`, example: 'null'}
          : {check: 'missing column', message: `${name} is missing; it must be ${words}.`, example: name};
      for (let k = 0; k < width; k++) into.push(null);
    } else if (!take(value, into))
      return {check: 'type', message: `${name} must be ${words}; got ${shown(value)}.`, example: shown(value)};
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
