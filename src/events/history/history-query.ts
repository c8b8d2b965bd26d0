// The one query that reads a history: converts, picks out what cannot be converted, orders by time and id.
import type {Source} from '../source.ts';
import {quoteName, quoteText} from '../sql-text.ts';
import type {HistoryOptions} from './read-history.ts';
import type {Scan} from './scan.ts';
import {ELEMENT} from './vector-scan.ts';

/** Where the files' own columns stand in the query, apart from the converted ones of the same name. */
export const FILE = '_file';

const rawColumn = (name: string) => `${FILE}.${quoteName(name)}`;

/** The expression of a declared column over the files (as `FILE`). */
export const valueSql = (scan: Scan, {schema}: Source, column: string): string =>
  scan.found.has(column) ? scan.value(rawColumn(column), schema[column]!.type, scan.found.get(column)!) : 'NULL';

/** The column that holds an unreadable row as JSON: {column, row}. */
export const UNREADABLE = '_unreadable';

export function historyQuery(
  source: Source,
  scan: Scan,
  {from, until, limit}: Pick<HistoryOptions, 'from' | 'until' | 'limit'>,
): {readonly text: string; readonly parameters: readonly number[]} {
  const {lists = []} = scan;
  const names = Object.keys(source.schema).filter(name => scan.found.has(name) && scan.found.get(name) !== ELEMENT);
  const raw = [...names, ...lists.map(({name}) => name)];
  const values = Object.keys(source.schema).map(name => `${valueSql(scan, source, name)} AS ${quoteName(name)}`);
  const broken = names
    .filter(name => scan.convertible(source.schema[name]!.type, scan.found.get(name)!))
    .map(
      name =>
        `WHEN ${rawColumn(name)} IS NOT NULL AND ${valueSql(scan, source, name)} IS NULL THEN ${brokenRow(scan, name, raw)}`,
    );
  for (const {name, column} of lists)
    broken.push(`WHEN ${rawColumn(name)} IS NOT NULL AND ${FILE}.${column} IS NULL THEN ${brokenRow(scan, name, raw)}`);
  values.push(`${broken.length > 0 ? `CASE ${broken.join(' ')} END` : 'CAST(NULL AS VARCHAR)'} AS ${UNREADABLE}`);
  const time = quoteName(source.time);
  // By all columns in the end, so that the same files always give the same order, whichever duplicate comes first.
  const rest = Object.keys(source.schema).filter(name => name !== source.time && name !== source.id);
  const order = `ORDER BY ${[source.time, source.id, ...rest].map(name => `${quoteName(name)} NULLS FIRST`).join(', ')}`;
  const parameters: number[] = [];
  const parameter = (value: number) => `$${parameters.push(value)}`;
  const typed = `SELECT ${values.join(', ')} FROM ${scan.relation} AS ${FILE}`;
  const rows = limit === undefined ? typed : `${typed} ${order} LIMIT ${BigInt(limit)}`;
  const conditions = [
    from === undefined ? [] : [`${time} >= ${parameter(from)}`],
    until === undefined ? [] : [`(${time} IS NULL OR ${time} < ${parameter(until)})`],
  ].flat();
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return {text: `SELECT * FROM (${rows}) ${where} ${order}`, parameters};
}

function brokenRow(scan: Scan, broken: string, names: readonly string[]): string {
  const row = names.map(name => `${quoteText(name)}: ${scan.raw(rawColumn(name))}`).join(', ');
  return `to_json({'column': ${quoteText(broken)}, 'row': {${row}}})`;
}
