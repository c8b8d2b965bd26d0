import {computeFeatures, type FeatureSet, identifier} from '../../features/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import type {RequestFields} from '../../serving/index.ts';
import type {Runtime} from '../runtime/runtime.ts';

const SQL_TYPES = {string: 'VARCHAR', number: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', time: 'BIGINT'} as const;

let tables = 0;

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
    for (const [i, entity] of entities.entries())
      await sql.run(`INSERT INTO ${table} VALUES ${row}`, [i, at, position, ...fields.map(([f]) => entity[f] ?? null)]);
    const spine = {table, rows: entities.length, minTime: at, maxTime: at};
    return await computeFeatures(set, spine, {sql, relation: stream => archive.relation(stream)});
  } finally {
    await sql.run(`DROP TABLE ${table}`);
  }
}
