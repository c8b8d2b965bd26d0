import type {ViewUse} from '../definitions/feature-set.ts';
import {reachMs} from '../definitions/window.ts';
import type {Node} from '../expressions/node.ts';
import {expressionSql, identifier} from '../expressions/sql.ts';
import type {Input, Layout} from '../windows/layout.ts';
import type {Spine} from './spine.ts';

/** Which columns of the events are read beside the key `_k`, and in which order they come. */
export type EventColumns = {
  readonly arrivals: boolean;
  readonly positions: boolean;
  /** By key, time and id, for ties that only ids can order; else as they are stored. */
  readonly sorted: boolean;
  /** Only the events at these times. */
  readonly times?: readonly number[];
  /** The keys of which part are read: those with `_k % parts = part`. */
  readonly parts: number;
  readonly part: number;
};

/** The SQL of one view: the engine scans and numbers the keys; what it is asked to sort, it sorts. */
export type ViewPlan = {
  /** Makes the table of the keys of the spine, numbered from 0. */
  readonly keys: string;
  readonly dropKeys: string;
  /** `_k`, `_q`, `_row` and `_position` of the rows that have a key. */
  readonly spine: string;
  readonly events: (columns: EventColumns) => string;
  /** Number of events that any row may see, and the smallest and largest arrival delay among them. */
  readonly extent: string;
};

/** Names of the columns of an event, in their order in `ViewPlan.events`, without `_k`. */
export const columnNames = (
  layout: Layout,
  {arrivals, positions}: Pick<EventColumns, 'arrivals' | 'positions'>,
): string[] => [
  '_time',
  ...layout.inputs.map((_, i) => `i${i}`),
  ...(arrivals ? ['_arrival'] : []),
  ...(positions ? ['_position'] : []),
];

const inputSql = ({node, where, type}: Input): string => {
  const value =
    node === null ? '1.0' : type === 'string' ? expressionSql(node) : `CAST(${expressionSql(node as Node)} AS DOUBLE)`;
  return where === null ? value : `CASE WHEN ${expressionSql(where)} THEN ${value} END`;
};

/** How far back before a row its view reads events (ms); infinite where time does not bound a window. */
export const viewReach = ({reads}: Layout): number => Math.max(0, ...reads.map(read => reachMs(read.window)));

/** `relation`: SQL of the archived events of the view's source. The tables that it makes are named after the spine's. */
export function planView({view, fields}: ViewUse, layout: Layout, spine: Spine, relation: string): ViewPlan {
  const keys = Object.keys(view.entity.keys);
  const table = identifier(`${spine.table}_keys`);
  const fieldSql = keys.map(key => identifier(fields[key]!));
  const columnSql = keys.map(key => identifier(view.keys[key]!));
  // Names of their own: expressions name the columns of an event as they are.
  const keySql = keys.map((_, i) => `_key${i}`);
  const on = (side: string, names: readonly string[]) =>
    names.map((name, i) => `${side}.${name} = k.${keySql[i]}`).join(' AND ');
  const reach = viewReach(layout);
  const visible = `e._arrival - e._time <= ${view.source.latenessMs} AND ${Number.isFinite(reach) ? `e._time >= ${spine.minTime - reach} AND ` : ''} e._time < ${spine.maxTime} AND e._arrival <= ${spine.maxTime}`;
  return {
    keys: `CREATE OR REPLACE TABLE ${table} AS SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS _k, * FROM (SELECT DISTINCT ${fieldSql.map((f, i) => `${f} AS ${keySql[i]}`).join(', ')} FROM ${identifier(spine.table)} WHERE ${fieldSql.map(f => `${f} IS NOT NULL`).join(' AND ')})`,
    dropKeys: `DROP TABLE ${table}`,
    spine: `SELECT k._k, s._q, s._row, s._position FROM ${identifier(spine.table)} s JOIN ${table} k ON ${on('s', fieldSql)}`,
    events: columns => {
      const {sorted, parts, part, times} = columns;
      const inputs = layout.inputs.map((input, i) => `${inputSql(input)} AS i${i}`);
      const own = columnNames(layout, columns).filter(name => name.startsWith('_'));
      const among = parts === 1 ? '' : ` AND k._k % ${parts} = ${part}`;
      const at = times === undefined ? '' : ` AND e._time IN (${times.join(', ')})`;
      const order = sorted ? ' ORDER BY k._k, e._time, e._id' : '';
      return `SELECT ${['k._k', ...own.map(name => `e.${name}`), ...inputs].join(', ')} FROM ${relation} e JOIN ${table} k ON ${on('e', columnSql)} WHERE ${visible}${among}${at}${order}`;
    },
    extent: `SELECT count(*) AS n, coalesce(min(e._arrival - e._time), 0) AS low, coalesce(max(e._arrival - e._time), 0) AS high FROM ${relation} e WHERE ${visible}`,
  };
}
