import {computeFeatures, type FeatureSet, identifier} from '../../features/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import type {RequestFields} from '../../serving/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {Turns} from './turns.ts';

const SQL_TYPES = {string: 'VARCHAR', number: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', time: 'BIGINT'} as const;

/** A question about the past scans the archive: a few at a time, so that others are answered meanwhile. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 32;
/** Rows of one statement. */
const ROWS_AT_ONCE = 100;

let tables = 0;

const turns = new WeakMap<Runtime['sql'], Turns>();

/** Does work about the past when it is its turn. Throws QUEUE_FULL when too much waits already. */
export function inTurn<T>({sql}: Pick<Runtime, 'sql'>, work: () => Promise<T>): Promise<T> {
  const own = turns.get(sql) ?? new Turns(MOST_AT_ONCE, MOST_WAITING);
  turns.set(sql, own);
  return own.take(work);
}

/**
 * The features of a set for some entities as they were at `at`: computed by the batch executor from the log, with
 * what had arrived by then. `position`: what stands in the log from there on is not seen; everything unless given.
 */
export async function pastValues(
  {sql, archive, log}: Pick<Runtime, 'sql' | 'archive' | 'log'>,
  set: FeatureSet,
  entities: readonly RequestFields[],
  at: number,
  position: number | null = null,
): Promise<Record<string, ColumnData>> {
  await archive.update(log.end());
  const table = `past_values_${tables++}`;
  const fields = Object.entries(set.request);
  const columns = [
    '_row BIGINT',
    '_q BIGINT',
    '_position BIGINT',
    ...fields.map(([f, {type}]) => `${identifier(f)} ${SQL_TYPES[type]}`),
  ];
  await sql.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
  try {
    const row = `(${columns.map(() => '?').join(', ')})`;
    const values = entities.map((entity, i) => [i, at, position, ...fields.map(([f]) => entity[f] ?? null)]);
    for (let from = 0; from < values.length; from += ROWS_AT_ONCE) {
      const some = values.slice(from, from + ROWS_AT_ONCE);
      await sql.run(`INSERT INTO ${table} VALUES ${some.map(() => row).join(', ')}`, some.flat());
    }
    const spine = {table, rows: entities.length, minTime: at, maxTime: at};
    return await computeFeatures(set, spine, {sql, relation: stream => archive.relation(stream)});
  } finally {
    await sql.run(`DROP TABLE ${table}`);
  }
}
