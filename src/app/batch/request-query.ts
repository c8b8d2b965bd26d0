// The SQL that makes requests of the rows of a file or a query: each field as its type, and what is wrong with a row.
import type {Scan} from '../../events/index.ts';
import {identifier} from '../../features/index.ts';
import {MillraceError, nearest, type Problem, type Schema, type TypeName} from '../../protocol/index.ts';

/** Columns that stand beside the fields of a request: the row's own time, and the caller's id. */
const AT = 'at';
const ID = 'id';

export const MORE_COLUMNS: readonly string[] = [ID, AT];

/** The column of a row that is wrong, and what it holds there; null in both if nothing is. */
export const PROBLEM = '_problem';
export const GIVEN = '_given';

const MAX_TIME_MS = 8.64e15;

/** Type in the table of requests: what the batch executor compares keys by. */
const SQL_TYPES: Record<TypeName, string> = {
  string: 'VARCHAR',
  number: 'DOUBLE',
  int: 'BIGINT',
  bool: 'BOOLEAN',
  time: 'BIGINT',
};

/** Throws SOURCE_SCHEMA with every column that is missing or of a type that cannot fit. */
export function requireColumns(schema: Schema, {found, fits, mayBeAbsent}: Scan, what: string): void {
  const names = [...found.keys()];
  const problems = Object.entries(schema).flatMap(([field, {type, nullable}]): Problem[] => {
    const there = found.get(field);
    if (there === undefined) {
      if (nullable && mayBeAbsent) return [];
      const [near] = nearest(field, names);
      const message = `'${field}' (${type}) is missing; there is ${names.join(', ')}.`;
      return [{path: field, message, fix: near ? `Call '${near}' '${field}'.` : `Add a column '${field}'.`}];
    }
    return fits(there, type) ? [] : [{path: field, message: `'${field}' is ${there} and must be ${type}.`}];
  });
  const at = found.get(AT);
  if (at !== undefined && !fits(at, 'time'))
    problems.push({path: AT, message: `'${AT}' is ${at} and must be a time: as of when to predict for the row.`});
  if (problems.length === 0) return;
  throw new MillraceError(
    'SOURCE_SCHEMA',
    `${what} does not hold requests: ${problems.map(p => p.message).join(' ')}`,
    {
      problems,
      fix: `Give the columns ${Object.keys(schema).join(', ')}; ${ID} and ${AT} may stand beside them.`,
    },
  );
}

/**
 * The rows in their order: `_row` from 0, `_q` (the row's own time or `asOf`), `id`, the fields, and what is wrong. A
 * number that is NaN counts as null.
 */
export function requestQuery(schema: Schema, scan: Scan, asOf: number): string {
  const columns: string[] = ['row_number() OVER () - 1 AS _row'];
  const wrong: {readonly name: string; readonly when: string}[] = [];
  const add = (name: string, type: TypeName, nullable: boolean) => {
    const raw = `f.${identifier(name)}`;
    const found = scan.found.get(name);
    if (found === undefined) return `CAST(NULL AS ${SQL_TYPES[type]})`;
    const value = scan.value(raw, type, found);
    if (type === 'string' || type === 'bool') {
      if (!nullable) wrong.push({name, when: `${value} IS NULL`});
      else if (scan.convertible(type, found)) wrong.push({name, when: `${raw} IS NOT NULL AND ${value} IS NULL`});
      return value;
    }
    const number = `nullif(CAST(${value} AS DOUBLE), 'NaN'::DOUBLE)`;
    const missing = nullable ? `${raw} IS NOT NULL AND ${value} IS NULL` : `${number} IS NULL`;
    wrong.push({name, when: `${missing} OR ${unfit(number, type)}`});
    return `TRY_CAST(${number} AS ${SQL_TYPES[type]})`;
  };
  const q = scan.found.has(AT) ? `coalesce(${add(AT, 'time', true)}, ${asOf})` : `CAST(${asOf} AS BIGINT)`;
  if (scan.found.has(AT)) wrong.push({name: AT, when: `${q} > ${asOf}`});
  columns.push(`${q} AS _q`, `${idOf(scan)} AS ${ID}`);
  for (const [field, {type, nullable}] of Object.entries(schema))
    columns.push(`${add(field, type, nullable)} AS ${identifier(field)}`);
  const cases = (then: (name: string) => string) =>
    wrong.length === 0
      ? 'CAST(NULL AS VARCHAR)'
      : `CASE ${wrong.map(({name, when}) => `WHEN ${when} THEN ${then(name)}`).join(' ')} END`;
  columns.push(`${cases(name => `'${name.replaceAll("'", "''")}'`)} AS ${PROBLEM}`);
  columns.push(`${cases(name => `left(CAST(${scan.raw(`f.${identifier(name)}`)} AS VARCHAR), 80)`)} AS ${GIVEN}`);
  return `SELECT ${columns.join(', ')} FROM ${scan.relation} AS f`;
}

function unfit(number: string, type: TypeName): string {
  if (type === 'int') return `${number} <> trunc(${number}) OR abs(${number}) > ${Number.MAX_SAFE_INTEGER}`;
  if (type === 'time') return `${number} <> trunc(${number}) OR abs(${number}) > ${MAX_TIME_MS}`;
  return `isinf(${number})`;
}

/** An id of any type, as text. */
function idOf({found, convertible}: Scan): string {
  const type = found.get(ID);
  if (type === undefined) return 'CAST(NULL AS VARCHAR)';
  // Of the formats only JSON holds strings that need converting.
  return convertible('string', type) ? `f.${ID}->>'$'` : `CAST(f.${ID} AS VARCHAR)`;
}
