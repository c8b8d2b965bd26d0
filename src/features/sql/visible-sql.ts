import type {Measure} from '../definitions/aggregate.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {asOfSql} from '../definitions/refresh.ts';
import type {WindowSpec} from '../definitions/window.ts';
import type {Dialect} from '../expressions/functions/function-spec.ts';
import {sparkIdentifier} from '../expressions/quoted.ts';
import {expressionSql, identifier} from '../expressions/sql.ts';

/** What one feature is computed over: the rows of `spine`, and the events that `relation` selects. */
export type SqlScope = {
  readonly use: ViewUse;
  readonly spine: string;
  readonly relation: string;
  /** One more condition on the row `s` and the event `e`. */
  readonly where: string;
  readonly dialect: Dialect;
};

export const nameIn = (dialect: Dialect): ((name: string) => string) =>
  dialect === 'duckdb' ? identifier : sparkIdentifier;

/** What a measure takes from the event `e`; null where there is nothing to take. */
export function valueSql({input, inputType, where}: Measure, dialect: Dialect, alias = 'e.'): string {
  const column = (name: string) => `${alias}${nameIn(dialect)(name)}`;
  const sql = input === null ? '1e0' : expressionSql(input, column, dialect);
  const value = inputType === 'string' ? sql : `CAST(${sql} AS DOUBLE)`;
  return where === null ? value : `CASE WHEN ${expressionSql(where, column, dialect)} THEN ${value} END`;
}

/** The events of its key that each row may see, each with the measured value `v`: before the window is cut. `_q` is the time as of which the row reads the view. */
export function visibleSql(
  {use, spine, relation, where, dialect}: SqlScope,
  measure: Measure,
  over: WindowSpec,
): string {
  const {view, fields} = use;
  const name = nameIn(dialect);
  const q = asOfSql(use, 's._q');
  const conditions = [
    ...Object.keys(view.entity.keys).map(key => `e.${name(view.keys[key]!)} = s.${name(fields[key]!)}`),
    `e._time < ${q}`,
    `e._arrival <= ${q}`,
    `e._arrival - e._time <= ${view.source.latenessMs}`,
    '(s._position IS NULL OR e._position < s._position)',
    ...timeBounds(over, q),
    where,
  ];
  return `SELECT s._row, ${q} AS _q, e._time, e._id, ${valueSql(measure, dialect)} AS v FROM ${name(spine)} s JOIN ${relation} e ON ${conditions.join(' AND ')}`;
}

/** Conditions on the event `e` of the windows that time alone bounds, as of `q`. */
export function timeBounds(over: WindowSpec, q: string): string[] {
  const floor = (time: string, hop: number) => `CAST(floor((${time}) / ${hop}) AS BIGINT) * ${hop}`;
  switch (over.kind) {
    case 'sliding':
      return [`e._time >= ${q} - ${over.ms}`];
    case 'coarse':
      return [`e._time >= ${floor(`${q} - ${over.ms}`, over.hopMs)}`];
    case 'hopping':
      return [`e._time >= ${floor(`${q} - ${over.ms}`, over.hopMs)}`, `e._time < ${floor(q, over.hopMs)}`];
    default:
      return [];
  }
}
