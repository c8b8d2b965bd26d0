import type {Source} from '../source.ts';
import {quoteName} from '../sql-text.ts';
import type {Scan} from './scan.ts';

/** The engine's name for a list or array of numbers. */
const LIST = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*|JSON)\[\d*\]$/;

/** What `found` says of a number that is taken out of a list. */
export const ELEMENT = 'number of a list';

/** A vector that stands in the files as a list; `column` is null where the list is no vector of its size. */
export type ListColumn = {readonly name: string; readonly column: string};

/**
 * The same files with the lists among their columns taken apart, where the source declares a vector of that name.
 * A list must have exactly as many finite numbers as the vector. Flattened columns stay as they are.
 */
export function withVectors(scan: Scan, {vectors}: Source, format: 'parquet' | 'csv' | 'jsonl'): Scan {
  const found = new Map(scan.found);
  const lists: (ListColumn & {readonly sql: string; readonly parts: readonly string[]})[] = [];
  for (const [name, size] of Object.entries(vectors)) {
    const type = found.get(name);
    if (type === undefined || !(LIST.test(type) || (format === 'jsonl' && type === 'JSON'))) continue;
    const column = `_list_${lists.length}`;
    const own = quoteName(name);
    found.delete(name);
    const parts = Array.from({length: size}, (_, i) => {
      found.set(`${name}_${i}`, ELEMENT);
      return `${column}[${i + 1}] AS ${quoteName(`${name}_${i}`)}`;
    });
    const sql = `CASE WHEN ${isVector(own, size, format === 'jsonl')} THEN ${listOf(own)} END AS ${column}`;
    lists.push({name, column, sql, parts});
  }
  if (lists.length === 0) return scan;
  const inner = `(SELECT *, ${lists.map(({sql}) => sql).join(', ')} FROM ${scan.relation})`;
  return {
    ...scan,
    relation: `(SELECT *, ${lists.flatMap(({parts}) => parts).join(', ')} FROM ${inner})`,
    found,
    lists,
    fits: (type, declared) => (type === ELEMENT ? declared === 'number' : scan.fits(type, declared)),
    value: (column, declared, type) => (type === ELEMENT ? column : scan.value(column, declared, type)),
    convertible: (declared, type) => type !== ELEMENT && scan.convertible(declared, type),
  };
}

const listOf = (column: string) => `TRY_CAST(${column} AS DOUBLE[])`;

/** The condition that a list (of JSON: an array) is exactly `size` finite numbers. */
export function isVector(column: string, size: number, isJson: boolean): string {
  const list = listOf(column);
  // A cast would also take texts such as "1" for numbers.
  const numeric = isJson ? `regexp_full_match(CAST(json_structure(${column}) AS VARCHAR), ${NUMBERS}) AND ` : '';
  return `${numeric}len(${list}) = ${size} AND len(list_filter(${list}, lambda x: isfinite(x))) = ${size}`;
}

/** The structure of a JSON array of numbers, nulls aside. */
const NUMBERS = `'\\["(U?BIGINT|U?HUGEINT|DOUBLE)"\\]'`;
