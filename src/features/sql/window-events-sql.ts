import type {FeatureView, WindowFeature} from '../definitions/view.ts';
import {expressionSql, identifier} from '../expressions/sql.ts';
import {joinedRelation} from '../joins/lookup-sql.ts';
import {timeBounds} from './visible-sql.ts';
import {cutWindow} from './window-sql.ts';

/**
 * The events of one key that a feature looks at as of `at`, the newest first: `_id`, `_time`, `_arrival`, `_position`,
 * what it takes of each (`input`; null where its filter does not hold), and how many there are in all (`n`). Parameters:
 * the values of the entity's keys, then how many events are wanted (at least 1). `relation`: SQL of an archived stream.
 */
export function windowEventsSql(
  view: FeatureView,
  {input, where, over}: WindowFeature,
  at: number,
  relation: (stream: string) => string,
): string {
  const column = (name: string) => `e.${identifier(name)}`;
  const taken = input === null ? '1' : expressionSql(input, column);
  const value = where === null ? taken : `CASE WHEN ${expressionSql(where, column)} THEN ${taken} END`;
  const conditions = [
    ...Object.keys(view.entity.keys).map(key => `${column(view.keys[key]!)} = ?`),
    'e._time < s._q',
    'e._arrival <= s._q',
    `e._arrival - e._time <= ${view.source.latenessMs}`,
    ...timeBounds(over, 's._q'),
  ];
  const visible = `SELECT 0 AS _row, s._q, e._id, e._time, e._arrival, e._position, ${value} AS input FROM (SELECT CAST(${at} AS BIGINT) AS _q) s JOIN ${joinedRelation(view, relation)} e ON ${conditions.join(' AND ')}`;
  return `SELECT _id, _time, _arrival, _position, input, count(*) OVER () AS n FROM (${cutWindow(visible, over)}) inside ORDER BY _time DESC, _id DESC LIMIT ?`;
}
