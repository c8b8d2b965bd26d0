// What is asked of the server: the columns of a table or query are looked at once per connection, and become the
// query of a page.
import {durationMs, MillraceError, type Problem} from '../../protocol/index.ts';
import type {PostgresOrigin} from '../origin.ts';
import {doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';
import {quoteName} from '../sql-text.ts';
import {CURSORS, FITS, TIMESTAMPS, valueSql} from './column-types.ts';
import type {PostgresSession} from './session.ts';

export type TablePlan = {
  /** What follows FROM. */
  readonly relation: string;
  /** The columns `_cursor`, `_id` and those of the schema, by a condition, in pages. */
  readonly page: (condition: string) => string;
  readonly cursor: string;
  readonly id: string;
  /** SQL type that a parameter of the cursor and of the id is read as. */
  readonly cursorType: string;
  readonly idType: string;
  /** How far back of the last row a poll begins, as the text of a parameter and its SQL type; null: not at all. */
  readonly lag: {readonly value: string; readonly type: string} | null;
};

const DEFAULT_LAG = {timestamp: '10000 milliseconds', integer: '1000'} as const;

/** Looks at the table. Throws SOURCE_SCHEMA that names every column that is missing or of a type that cannot fit. */
export async function planTable(session: PostgresSession, source: Source, origin: PostgresOrigin): Promise<TablePlan> {
  const relation = relationOf(origin);
  const found = await columnsOf(session, relation);
  requireFit(source, origin, found);
  // Qualified: ORDER BY would take the converted column of the same name.
  const cursor = `events.${quoteName(origin.cursor)}`;
  const cursorType = found.get(origin.cursor)!;
  await requireCursors(session, source, origin, relation);
  const id = `events.${quoteName(source.id)}`;
  const values = Object.entries(source.schema).map(
    ([name, {type}]) => `${valueSql(quoteName(name), type, found.get(name)!)} AS ${quoteName(name)}`,
  );
  const select = `SELECT ${cursor}::text AS _cursor, ${id}::text AS _id, ${values.join(', ')} FROM ${relation}`;
  return {
    relation,
    page: condition => `${select} WHERE ${condition} ORDER BY ${cursor}, ${id} LIMIT ${origin.pageRows}`,
    cursor,
    id,
    cursorType,
    idType: found.get(source.id)!,
    lag: lagOf(source, origin, cursorType),
  };
}

function relationOf({table, query}: PostgresOrigin): string {
  const relation = table === null ? `(${query}\n)` : table.split('.').map(quoteName).join('.');
  return `${relation} AS events`;
}

/** The columns with their types, as SQL names them and without lengths. */
async function columnsOf(session: PostgresSession, relation: string): Promise<Map<string, string>> {
  const {fields} = await session.query(`SELECT * FROM ${relation} LIMIT 0`);
  const {rows} = await session.query(
    "SELECT oid::text, CASE typtype WHEN 'e' THEN 'enum ' ELSE '' END || format_type(oid, NULL) FROM pg_type WHERE oid = ANY($1::oid[])",
    [`{${fields.map(({type}) => type).join(',')}}`],
  );
  const names = new Map(rows.map(([oid, name]) => [Number(oid), name!]));
  return new Map(fields.map(({name, type}) => [name, names.get(type) ?? `type ${type}`]));
}

function requireFit(source: Source, {cursor, table}: PostgresOrigin, found: ReadonlyMap<string, string>): void {
  const place = table === null ? 'the query' : `the table ${table}`;
  const there = `${place} has ${[...found.keys()].join(', ')}`;
  const problems = Object.keys(source.vectors).map(
    (name): Problem => ({
      path: name,
      message: `'${name}' is a vector, and vectors are not read from PostgreSQL.`,
      fix: 'Bring such events by Kafka, files or pushes.',
    }),
  );
  for (const {name, type, size} of doorColumns(source)) {
    if (size !== null) continue;
    const {type: declared} = type;
    const given = found.get(name);
    if (given === undefined)
      problems.push({
        path: name,
        message: `'${name}' (${declared}) is missing; ${there}.`,
        fix: 'Add it, or take it out of the schema.',
      });
    else if (!FITS[declared].includes(given) && !(declared === 'string' && given.startsWith('enum ')))
      problems.push({
        path: name,
        message: `'${name}' is ${given} in ${place} and ${declared} in the schema.`,
        fix: `Convert it in a query: ${declared} can be ${FITS[declared].join(', ')}.`,
      });
  }
  const given = found.get(cursor);
  if (given === undefined) problems.push({path: 'cursor', message: `The cursor '${cursor}' is missing; ${there}.`});
  else if (!CURSORS.includes(given))
    problems.push({
      path: 'cursor',
      message: `The cursor '${cursor}' is ${given}, which does not grow by itself.`,
      fix: `Name a column that is one of ${CURSORS.join(', ')}.`,
    });
  if (problems.length === 0) return;
  throw new MillraceError(
    'SOURCE_SCHEMA',
    `What PostgreSQL has does not fit source '${source.name}': ${problems.map(({message}) => message).join(' ')}`,
    {problems, fix: problems.flatMap(({fix}) => fix ?? []).join(' ') || `Correct the name of the cursor.`},
  );
}

/** A row whose cursor is null would never be read. */
async function requireCursors(
  session: PostgresSession,
  {name}: Source,
  {cursor}: PostgresOrigin,
  relation: string,
): Promise<void> {
  const {rows} = await session.query(`SELECT 1 FROM ${relation} WHERE ${quoteName(cursor)} IS NULL LIMIT 1`);
  if (rows.length === 0) return;
  throw new MillraceError(
    'SOURCE_SCHEMA',
    `Source '${name}' has rows whose cursor '${cursor}' is null: they would never be read.`,
    {fix: 'Fill the column and declare it NOT NULL, or leave those rows out with a query.'},
  );
}

function lagOf({name}: Source, {lag}: PostgresOrigin, cursorType: string): TablePlan['lag'] {
  const isTime = TIMESTAMPS.includes(cursorType);
  const type = isTime ? 'interval' : 'bigint';
  if (lag === null) return {type, value: isTime ? DEFAULT_LAG.timestamp : DEFAULT_LAG.integer};
  if ((typeof lag === 'string') !== isTime)
    throw new MillraceError(
      'DEFINITION_INVALID',
      `The lag of source '${name}' is ${lag}; its cursor is ${cursorType}.`,
      {
        fix: isTime ? "Give a duration, such as '10s'." : 'Give a count, such as 1000.',
      },
    );
  if (typeof lag === 'number') return lag === 0 ? null : {type, value: String(lag)};
  const ms = durationMs(lag);
  return ms === 0 ? null : {type, value: `${ms} milliseconds`};
}
