import type {ViewUse} from '../definitions/feature-set.ts';
import {reachMs} from '../definitions/window.ts';
import type {Node} from '../expressions/node.ts';
import {expressionSql, identifier} from '../expressions/sql.ts';
import type {Input, Layout} from '../windows/layout.ts';
import type {Spine} from './spine.ts';

/** The SQL of one view: two sorted scans, which the executor merges. */
export type ViewPlan = {
  readonly keys: string;
  readonly spine: string;
  /** With ids only where the order of ties cannot be left to the sort. */
  readonly events: (withIds: boolean) => string;
  /** Smallest and largest arrival delay of the events read. */
  readonly delays: string;
};

const inputSql = ({node, where, type}: Input): string => {
  const value =
    node === null ? '1.0' : type === 'string' ? expressionSql(node) : `CAST(${expressionSql(node as Node)} AS DOUBLE)`;
  return where === null ? value : `CASE WHEN ${expressionSql(where)} THEN ${value} END`;
};

/** `relation`: SQL of the archived events of the view's source. `prefix` makes the names of tables its own. */
export function planView(
  {view, fields}: ViewUse,
  layout: Layout,
  spine: Spine,
  relation: string,
  prefix: string,
): ViewPlan {
  const keys = Object.keys(view.entity.keys);
  const table = identifier(`${prefix}_keys`);
  const fieldSql = keys.map(key => identifier(fields[key]!));
  const columnSql = keys.map(key => identifier(view.keys[key]!));
  const on = (side: string, names: readonly string[]) =>
    names.map((name, i) => `${side}.${name} = k.${fieldSql[i]}`).join(' AND ');
  const reach = Math.max(0, ...layout.reads.map(read => reachMs(read.window)));
  const visible = `e._arrival - e._time <= ${view.source.latenessMs} AND ${Number.isFinite(reach) ? `e._time >= ${spine.minTime - reach} AND ` : ''} e._time < ${spine.maxTime} AND e._arrival <= ${spine.maxTime}`;
  const inputs = layout.inputs.map((input, i) => `${inputSql(input)} AS i${i}`);
  return {
    keys: `CREATE OR REPLACE TABLE ${table} AS SELECT row_number() OVER () - 1 AS k, * FROM (SELECT DISTINCT ${fieldSql.join(', ')} FROM ${identifier(spine.table)} WHERE ${fieldSql.map(f => `${f} IS NOT NULL`).join(' AND ')})`,
    spine: `SELECT k.k, s._q, s._row, s._position FROM ${identifier(spine.table)} s JOIN ${table} k ON ${on('s', fieldSql)} ORDER BY k.k, s._q, s._row`,
    events: withIds =>
      `SELECT k.k, e._time, e._arrival, e._position, ${[...inputs, ...(withIds ? ['e._id'] : [])].join(', ')} FROM ${relation} e JOIN ${table} k ON ${on('e', columnSql)} WHERE ${visible} ORDER BY k.k, e._arrival, e._time, e._id`,
    delays: `SELECT coalesce(min(e._arrival - e._time), 0) AS low, coalesce(max(e._arrival - e._time), 0) AS high FROM ${relation} e WHERE ${visible}`,
  };
}
