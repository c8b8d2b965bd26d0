import {expressionSql, identifier} from '../features/index.ts';
import type {Label} from './label.ts';

/**
 * SQL of the label events that were known at `asOf` (UTC ms): columns `id` (of the decision), `time`,
 * `arrival`, `event` (its own id) and `value` as DOUBLE. An event without a value labels nothing. `relation`:
 * the archived events of the label's source.
 */
export function labelEventsSql({on, value, source}: Label, relation: string, asOf: number): string {
  const sql = value === null ? '1.0' : `CAST(${expressionSql(value, name => `l.${identifier(name)}`)} AS DOUBLE)`;
  return `SELECT l.${identifier(on)} AS id, l._time AS time, l._arrival AS arrival, l._id AS event, ${sql} AS value FROM ${relation} l WHERE l._arrival <= ${asOf} AND l._arrival - l._time <= ${source.latenessMs} AND ${sql} IS NOT NULL`;
}
