import type {ViewUse} from '../definitions/feature-set.ts';
import {asOfSql} from '../definitions/refresh.ts';
import type {WindowFeature} from '../definitions/view.ts';
import type {Dialect} from '../expressions/functions/function-spec.ts';
import {nameIn, valueSql} from './visible-sql.ts';

/** Whether a feature is the latest value of a window that ends with the query: one lookup answers it. */
export function isLatest({aggregation, divisor, over, default: otherwise}: WindowFeature): boolean {
  const one = aggregation.name === 'last' && aggregation.k === 1;
  return one && divisor === null && otherwise === null && (over.kind === 'sliding' || over.kind === 'lifetime');
}

/**
 * The latest value as one pass: rows and events of a key in one sequence, in the order in which events arrived, and
 * over it the running maximum of (time, id, value). No event is read twice, however many rows see it: this is the form
 * for engines beyond one machine. Rows with a `_position` are not for it: it sees all of the log.
 */
export function latestSql(
  use: ViewUse,
  feature: WindowFeature,
  spine: string,
  relation: string,
  dialect: Dialect = 'duckdb',
): string {
  const {view, fields} = use;
  const name = nameIn(dialect);
  const q = asOfSql(use, 's._q');
  const keys = Object.keys(view.entity.keys);
  const by = keys.map((_, i) => `k${i}`).join(', ');
  const value = valueSql(feature, dialect);
  const struct = (time: string, id: string, v: string) =>
    dialect === 'duckdb'
      ? `struct_pack(t := ${time}, id := ${id}, v := ${v})`
      : `named_struct('t', ${time}, 'id', ${id}, 'v', ${v})`;
  // An event is visible at q if it happened before q and had arrived by q: one that had arrived at its own time comes after
  // the rows of that instant, one that arrives later comes before them.
  const events = `SELECT ${keys.map((key, i) => `e.${name(view.keys[key]!)} AS k${i}`).join(', ')}, greatest(e._time, e._arrival) AS shown, CASE WHEN e._time < e._arrival THEN 0 ELSE 2 END AS turn, CAST(NULL AS BIGINT) AS _row, CAST(NULL AS BIGINT) AS _q, ${struct('e._time', 'e._id', value)} AS event FROM ${relation} e WHERE e._arrival - e._time <= ${view.source.latenessMs} AND ${value} IS NOT NULL`;
  const rows = `SELECT ${keys.map((key, i) => `s.${name(fields[key]!)} AS k${i}`).join(', ')}, ${q} AS shown, 1 AS turn, s._row, ${q} AS _q, NULL AS event FROM ${name(spine)} s`;
  const latest = `SELECT _row, _q, max(event) OVER (PARTITION BY ${by} ORDER BY shown, turn ROWS UNBOUNDED PRECEDING) AS latest FROM (${events} UNION ALL ${rows}) sequence`;
  const inside =
    feature.over.kind === 'sliding' ? `CASE WHEN latest.t >= _q - ${feature.over.ms} THEN latest.v END` : 'latest.v';
  return `SELECT _row, ${inside} AS value FROM (${latest}) seen WHERE _row IS NOT NULL ORDER BY _row`;
}
