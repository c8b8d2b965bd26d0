import {MAX_VECTOR_SIZE, MillraceError, parseTime, type TypeName, type Value} from '../../protocol/index.ts';
import {byValue, COUNTED_VALUES, examplesOf, type InferredColumn, type InferredSchema} from './inferred-schema.ts';

/** One way to read a column: how many values are that, and which. */
type Reading = {
  readonly type: TypeName;
  readonly size: number | null;
  readonly read: (value: unknown) => Value | undefined;
};

const number = (v: unknown) => (typeof v === 'number' && Number.isFinite(v) ? v : undefined);
const SCALARS: readonly Reading[] = [
  {type: 'bool', size: null, read: v => (typeof v === 'boolean' ? v : undefined)},
  {type: 'int', size: null, read: v => (Number.isSafeInteger(v) ? (v as number) : undefined)},
  {type: 'number', size: null, read: number},
  {type: 'time', size: null, read: v => (typeof v === 'string' ? parseTime(v) : undefined)},
  {type: 'string', size: null, read: v => (typeof v === 'string' ? v : undefined)},
];

/**
 * What rows as they are pushed turn out to be. A column has the narrowest type that all of its values have, else
 * the one that most have. Texts are times if each names a date, or a time with its zone; integers never are.
 * Throws SOURCE_SCHEMA if a row is no object.
 */
export function inferRows(rows: readonly unknown[], {values: most = COUNTED_VALUES} = {}): InferredSchema {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new MillraceError('SOURCE_SCHEMA', `Row ${i} is no object.`, {fix: 'Give rows as objects of columns.'});
    for (const [name, value] of Object.entries(row)) {
      const given = columns.get(name) ?? [];
      columns.set(name, given);
      if (value !== null && value !== undefined) given.push(value);
    }
  });
  return {
    format: 1,
    rows: rows.length,
    columns: [...columns].map(([name, given]) => inferColumn(name, given, rows.length, most)),
  };
}

function inferColumn(name: string, given: readonly unknown[], rows: number, most: number): InferredColumn {
  const readings = given.some(Array.isArray) ? [...SCALARS, vectorReading(given)] : SCALARS;
  const fits = readings.map(({read}) => given.filter(v => read(v) !== undefined).length);
  const best = given.length === 0 ? SCALARS.length - 1 : fits.indexOf(Math.max(...fits));
  const {type, size, read} = readings[best]!;
  const values = given.map(read).filter(v => v !== undefined);
  const few = size === null ? [...new Set(values)].sort(byValue) : [];
  const counted = size === null && few.length <= most;
  const ordered = type === 'number' || type === 'int' || type === 'time';
  const shown = (v: Value | undefined) =>
    type === 'time' && v !== undefined ? new Date(v as number).toISOString() : v;
  const least = shown(few[0]) ?? null;
  const greatest = shown(few.at(-1)) ?? null;
  return {
    name,
    type,
    size,
    nullable: given.length < rows,
    nullShare: rows === 0 ? 0 : 1 - given.length / rows,
    misfits: given.length - fits[best]!,
    min: ordered ? (least as number | string | null) : null,
    max: ordered ? (greatest as number | string | null) : null,
    distinct: counted ? few.length : null,
    values: counted && type === 'string' ? (few as string[]) : null,
    examples: size === null ? examplesOf(counted ? few.map(v => shown(v)!) : null, least, greatest) : [],
  };
}

/** Arrays of the size that most arrays have. */
function vectorReading(given: readonly unknown[]): Reading {
  const sizes = new Map<number, number>();
  for (const value of given) if (Array.isArray(value)) sizes.set(value.length, (sizes.get(value.length) ?? 0) + 1);
  const [[size] = [0]] = [...sizes].sort(([a, n], [b, m]) => m - n || a - b);
  const isVector = (v: unknown) =>
    Array.isArray(v) &&
    v.length === size &&
    size >= 1 &&
    size <= MAX_VECTOR_SIZE &&
    v.every(x => number(x) !== undefined);
  return {type: 'number', size, read: v => (isVector(v) ? 0 : undefined)};
}
