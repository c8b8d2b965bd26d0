// Types of PostgreSQL to types of the schema: the text that the server sends to a cell.
import type {TypeName} from '../../protocol/index.ts';

const INTEGERS = ['smallint', 'integer', 'bigint'];
const NUMBERS = [...INTEGERS, 'numeric', 'real', 'double precision'];
export const TIMESTAMPS = ['timestamp with time zone', 'timestamp without time zone'];

/** Types of the server, without lengths, that can stand for each declared one. Enums stand for strings too. */
export const FITS: Record<TypeName, readonly string[]> = {
  string: ['text', 'character varying', 'character', 'name', 'uuid', 'citext', ...INTEGERS],
  number: NUMBERS,
  int: NUMBERS,
  bool: ['boolean'],
  time: [...TIMESTAMPS, 'date', 'bigint'],
};

/** Types that a cursor can have. */
export const CURSORS = [...INTEGERS, ...TIMESTAMPS];

/** The value of a (quoted) column as SQL: times become epoch milliseconds, and one without a zone is UTC. */
export const valueSql = (column: string, declared: TypeName, found: string): string =>
  declared === 'time' && found !== 'bigint' ? `floor(extract(epoch FROM ${column}) * 1000)` : column;

/** The text of a value as a cell: NaN is the null of all but strings. */
export function cellOf(text: string | null, declared: TypeName): string | number | null {
  if (declared === 'string') return text;
  if (text === null) return Number.NaN;
  return declared === 'bool' ? Number(text === 't') : Number(text);
}
