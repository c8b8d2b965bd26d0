import type {ColumnData} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {FeatureSet, ViewUse} from '../definitions/feature-set.ts';
import {bindExpression, bindNumber} from '../expressions/bind.ts';
import {QUERY_TIME} from '../expressions/expression.ts';
import {columnsOf} from '../expressions/node.ts';
import {identifier} from '../expressions/sql.ts';
import {joinedRelation} from '../joins/lookup-sql.ts';
import {type CutMade, withCutTimes} from './cut-times.ts';
import type {Spine} from './spine.ts';
import {computeView} from './view.ts';

export type BatchOptions = {
  readonly sql: SqlEngine;
  /** SQL of the archived events of a stream. */
  readonly relation: (stream: string) => string;
  /**
   * When the cuts of a view were made, for rows that were served and may only see what was seen then; without it they
   * see of a view's events what stands before their own `_position`.
   */
  readonly cutsMade?: (use: ViewUse) => readonly CutMade[];
  readonly onView?: (view: string, done: number, all: number) => void;
};

/** All features of a set for every row of the spine, column by column in the order of `_row`. */
export async function computeFeatures(
  set: FeatureSet,
  spine: Spine,
  options: BatchOptions,
): Promise<Record<string, ColumnData>> {
  const {sql, relation, onView} = options;
  const columns: Record<string, ColumnData> = await requestColumns(set, spine, sql);
  const result: Record<string, ColumnData> = {};
  let done = 0;
  for (const viewUse of set.views) {
    const events = joinedRelation(viewUse.view, relation);
    const made = options.cutsMade?.(viewUse) ?? [];
    const values = await withCutTimes(sql, viewUse, spine, made, rows => computeView(sql, viewUse, rows, events));
    Object.assign(columns, values);
    Object.assign(result, values);
    onView?.(viewUse.view.name, ++done, set.views.length);
  }
  for (const {name, type, node} of set.derived) {
    if (type === 'string') {
      const read = bindExpression(node, columns);
      columns[name] = Array.from({length: spine.rows}, (_, row) => read(row) as string | null);
    } else {
      const read = bindNumber(node, columns);
      columns[name] = Float64Array.from({length: spine.rows}, (_, row) => read(row));
    }
    result[name] = columns[name];
  }
  return result;
}

/** The query time and those fields of the request that derived features read. */
async function requestColumns(set: FeatureSet, spine: Spine, sql: SqlEngine): Promise<Record<string, ColumnData>> {
  const read = new Set(set.derived.flatMap(({node}) => columnsOf(node)));
  const fields = Object.entries(set.request).filter(([field]) => read.has(field));
  const columns: Record<string, Float64Array | (string | null)[]> = {[QUERY_TIME]: new Float64Array(spine.rows)};
  for (const [field, {type}] of fields)
    columns[field] = type === 'string' ? new Array<string | null>(spine.rows) : new Float64Array(spine.rows);
  const selected = [
    '_q',
    ...fields.map(([field, {type}]) =>
      type === 'string' ? identifier(field) : `CAST(${identifier(field)} AS DOUBLE) AS ${identifier(field)}`,
    ),
  ];
  if (read.size === 0) return columns;
  const same = new Map<string, string>();
  let at = 0;
  for await (const chunk of sql.stream(`SELECT ${selected.join(', ')} FROM ${identifier(spine.table)} ORDER BY _row`)) {
    (columns[QUERY_TIME] as Float64Array).set(chunk.columns._q as Float64Array, at);
    for (const [field] of fields) {
      const from = chunk.columns[field]!;
      const to = columns[field]!;
      if (to instanceof Float64Array) to.set(from as Float64Array, at);
      else for (let i = 0; i < chunk.count; i++) to[at + i] = intern(same, (from as readonly (string | null)[])[i]!);
    }
    at += chunk.count;
  }
  return columns;
}

/** One object per distinct text: a million rows name few airports. */
function intern(same: Map<string, string>, text: string | null): string | null {
  if (text === null) return null;
  const known = same.get(text);
  if (known !== undefined) return known;
  if (same.size < 100_000) same.set(text, text);
  return text;
}
