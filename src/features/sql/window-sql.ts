import type {Measure} from '../definitions/aggregate.ts';
import type {WindowSpec} from '../definitions/window.ts';
import {type SqlScope, visibleSql} from './visible-sql.ts';

const LATEST_FIRST = 'OVER (PARTITION BY _row ORDER BY _time DESC, _id DESC)';

/**
 * The events inside a window, for each row of the spine that has any: `_row`, `_q`, `_time`, `_id` and `v`, the value
 * that a measure takes of them, never null. Rows are counted, and sessions run, over all events of the key: the
 * measure's filter comes after.
 */
export function windowSql(scope: SqlScope, measure: Measure, over: WindowSpec): string {
  const inside = cutWindow(visibleSql(scope, measure, over), over);
  return `SELECT _row, _q, _time, _id, v FROM (${inside}) inside WHERE v IS NOT NULL`;
}

/** Of visible events (`_row`, `_q`, `_time`, `_id` and more) those of a window that time alone does not bound. */
export function cutWindow(visible: string, over: WindowSpec): string {
  if (over.kind === 'rows')
    return `SELECT * FROM (SELECT *, row_number() ${LATEST_FIRST} AS place FROM (${visible}) visible) placed WHERE place <= ${over.count}`;
  if (over.kind !== 'session') return visible;
  const breaks = `SELECT *, CASE WHEN coalesce(lag(_time) ${LATEST_FIRST}, _q) - _time >= ${over.gapMs} THEN 1 ELSE 0 END AS break FROM (${visible}) visible`;
  return `SELECT * FROM (SELECT *, sum(break) ${LATEST_FIRST.replace(')', ' ROWS UNBOUNDED PRECEDING)')} AS breaks FROM (${breaks}) broken) runs WHERE breaks = 0`;
}
