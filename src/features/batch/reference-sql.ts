import type {ViewUse} from '../definitions/feature-set.ts';
import type {WindowFeature} from '../definitions/view.ts';
import {expressionSql, identifier} from '../expressions/sql.ts';

/** Plain SQL of an aggregation over the joined events `e`, in the dialect of DuckDB. */
function aggregationSql({aggregation, input, where, type}: WindowFeature): string {
  const column = (name: string) => `e.${identifier(name)}`;
  const value =
    input === null
      ? '1.0'
      : type === 'string'
        ? expressionSql(input, column)
        : `CAST(${expressionSql(input, column)} AS DOUBLE)`;
  const condition = where === null ? 'e._id IS NOT NULL' : expressionSql(where, column);
  const filtered = `CASE WHEN ${condition} THEN ${value} END`;
  switch (aggregation.name) {
    case 'count':
      return `count(${filtered})`;
    case 'mean':
      return `avg(${filtered})`;
    case 'last':
      return `arg_max(${filtered}, {'t': e._time, 'id': e._id}) FILTER (${filtered} IS NOT NULL)`;
    default:
      return `${aggregation.name}(${filtered})`;
  }
}

/**
 * The definition of a window as one range join: for each row of `spine` the events of its key in [q - w, q)
 * that had arrived by q. Slow and plain: audits and benchmarks compare the executions with it. `where` is
 * one more condition on the row `s` and the event `e`.
 */
export function referenceSql(
  {view, fields}: ViewUse,
  feature: WindowFeature,
  spine: string,
  relation: string,
  where = 'TRUE',
): string {
  const keys = Object.keys(view.entity.keys).map(
    key => `e.${identifier(view.keys[key]!)} = s.${identifier(fields[key]!)}`,
  );
  const conditions = [
    ...keys,
    `e._time >= s._q - ${feature.over.kind === 'sliding' ? feature.over.ms : 0}`,
    'e._time < s._q',
    'e._arrival <= s._q',
    `e._arrival - e._time <= ${view.source.latenessMs}`,
    where,
  ];
  return `SELECT s._row, ${aggregationSql(feature)} AS value FROM ${identifier(spine)} s LEFT JOIN ${relation} e ON ${conditions.join(' AND ')} GROUP BY s._row ORDER BY s._row`;
}
