import {computeFeatures, type FeatureSet, withSpine} from '../../features/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import type {RequestFields} from '../../serving/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {Turns} from './turns.ts';

/** A question about the past scans the archive: a few at a time, so that others are answered meanwhile. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 32;

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
  {sql, archive, log, folder}: Pick<Runtime, 'sql' | 'archive' | 'log' | 'folder'>,
  set: FeatureSet,
  entities: readonly RequestFields[],
  at: number,
  position: number | null = null,
): Promise<Record<string, ColumnData>> {
  await archive.update(log.end());
  const rows = {
    count: entities.length,
    q: new Float64Array(entities.length).fill(at),
    positions: new Float64Array(entities.length).fill(position ?? Number.NaN),
    request: Object.fromEntries(
      Object.entries(set.request).map(([field, {type}]) => {
        const values = entities.map(entity => entity[field] ?? null);
        if (type === 'string') return [field, values as (string | null)[]];
        return [field, Float64Array.from(values, value => (value === null ? Number.NaN : Number(value)))];
      }),
    ),
  };
  return withSpine({sql, folder}, set.request, [rows], spine =>
    computeFeatures(set, spine, {sql, relation: stream => archive.relation(stream)}),
  );
}
