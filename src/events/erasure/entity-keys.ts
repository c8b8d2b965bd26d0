/** Which events are an entity's: those of a stream whose columns have the given values. */
import {type Columns, MillraceError, nearest, type Problem, type Schema} from '../../protocol/index.ts';
import type {SqlParameter} from '../../stores/index.ts';
import type {Source} from '../source.ts';
import {quoteName} from '../sql-text.ts';

/** Columns of one stream and the values that they all have in an entity's events; times in UTC ms. */
export type StreamKey = Readonly<Record<string, string | number | boolean>>;

const JAVASCRIPT_TYPE = {string: 'string', number: 'number', int: 'number', time: 'number', bool: 'boolean'} as const;

/** Throws REQUEST_INVALID with every problem at once: an unknown stream or column, no column, a value of another type. */
export function requireKeys(sources: readonly Source[], keys: Readonly<Record<string, StreamKey>>): void {
  const names = sources.map(({name}) => name);
  const problems = Object.entries(keys).flatMap(([stream, key]): Problem[] => {
    const source = sources.find(({name}) => name === stream);
    if (!source) return [unknown(stream, `There is no stream '${stream}'.`, stream, names)];
    if (Object.keys(key).length === 0)
      return [{path: stream, message: `No column of '${stream}' is named, which would erase all of its events.`}];
    return Object.entries(key).flatMap(([column, value]) => columnProblem(stream, source.schema, column, value));
  });
  if (Object.keys(keys).length === 0) problems.push({path: '', message: 'No stream is named.'});
  if (problems.length > 0)
    throw new MillraceError('REQUEST_INVALID', `Nothing was erased. ${problems.map(p => p.message).join(' ')}`, {
      problems,
      fix: 'Name, for each stream, the columns that make up the key and their values.',
    });
}

function columnProblem(stream: string, schema: Schema, column: string, value: unknown): Problem[] {
  const path = `${stream}.${column}`;
  const declared = schema[column];
  if (!declared)
    return [unknown(path, `The stream '${stream}' has no column '${column}'.`, column, Object.keys(schema))];
  const wanted = JAVASCRIPT_TYPE[declared.type];
  // The value itself is not repeated: it may be what is to be forgotten.
  return typeof value === wanted
    ? []
    : [{path, message: `Column '${column}' holds ${declared.type}s, and a ${typeof value} was given.`}];
}

function unknown(path: string, message: string, name: string, allowed: readonly string[]): Problem {
  const near = nearest(name, allowed);
  return {
    path,
    message,
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Use one of ${allowed.join(', ')}.`,
  };
}

/** The key as a condition of SQL, and its parameters. */
export function keyCondition(key: StreamKey): {readonly condition: string; readonly parameters: SqlParameter[]} {
  const condition = Object.keys(key)
    .map(column => `${quoteName(column)} = ?`)
    .join(' AND ');
  return {condition, parameters: Object.values(key)};
}

/** The rows of a batch that have the key. */
export function rowsWithKey(batch: Columns, key: StreamKey): number[] {
  const wanted = Object.entries(key).map(
    ([column, value]) => [batch.columns[column], typeof value === 'boolean' ? Number(value) : value] as const,
  );
  const found: number[] = [];
  for (let i = 0; i < batch.count; i++) if (wanted.every(([data, value]) => data?.[i] === value)) found.push(i);
  return found;
}
