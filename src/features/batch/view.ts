import type {ColumnData, Columns} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {KeyState} from '../windows/key-state.ts';
import {layoutOf} from '../windows/layout.ts';
import {StringCodes} from '../windows/string-codes.ts';
import {planView} from './plan.ts';
import type {Spine} from './spine.ts';

type SortedSpine = {
  readonly key: Float64Array;
  readonly q: Float64Array;
  readonly row: Float64Array;
  readonly position: Float64Array;
};

async function loadSpine(sql: SqlEngine, query: string, rows: number): Promise<SortedSpine & {count: number}> {
  const [key, q, row, position] = [0, 1, 2, 3].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let count = 0;
  for await (const {columns, count: n} of sql.stream(query)) {
    key.set(columns.k as Float64Array, count);
    q.set(columns._q as Float64Array, count);
    row.set(columns._row as Float64Array, count);
    position.set(columns._position as Float64Array, count);
    count += n;
  }
  return {key, q, row, position, count};
}

/**
 * The features of one view for every row of the spine. The engine scans and sorts; the events of each key are
 * then replayed, with the queries between them, through the state that the stream uses.
 */
export async function computeView(
  sql: SqlEngine,
  viewUse: ViewUse,
  spine: Spine,
  relation: string,
): Promise<Record<string, ColumnData>> {
  const layout = layoutOf(viewUse.view);
  const {features} = layout;
  const plan = planView(viewUse, layout, spine, relation, spine.table);
  await sql.run(plan.keys);
  const queries = await loadSpine(sql, plan.spine, spine.rows);
  const [delays] = await sql.rows(plan.delays);
  const withIds = delays!.low !== delays!.high;

  const width = layout.inputs.length;
  const codes = new StringCodes();
  const state = new KeyState(layout);
  const answers = features.map(() => new Float64Array(spine.rows));
  const out = new Float64Array(features.length);
  const write = (row: number): void => {
    for (let f = 0; f < answers.length; f++) answers[f]![row] = out[f]!;
  };
  state.read(0, out, 0);
  for (let row = 0; row < spine.rows; row++) write(row);

  let next = 0;
  let current = -1;
  /** Answers the queries that come before an event of `key` which arrived at `arrival`, at this position of the log. */
  const answerBefore = (key: number, arrival: number, position: number): void => {
    while (next < queries.count) {
      const of = queries.key[next]!;
      const limit = queries.position[next]!;
      if (of > key || (of === key && queries.q[next]! >= arrival && !(position >= limit))) return;
      if (of !== current) {
        state.clear();
        current = of;
      }
      state.read(queries.q[next]!, out, 0);
      write(queries.row[next]!);
      next++;
    }
  };

  const inputs = new Float64Array(width);
  for await (const chunk of sql.stream(plan.events(withIds))) {
    const columns = inputColumns(chunk, width, codes);
    const key = chunk.columns.k as Float64Array;
    const time = chunk.columns._time as Float64Array;
    const arrival = chunk.columns._arrival as Float64Array;
    const position = chunk.columns._position as Float64Array;
    const ids = withIds ? (chunk.columns._id as readonly string[]) : null;
    for (let i = 0; i < chunk.count; i++) {
      answerBefore(key[i]!, arrival[i]!, position[i]!);
      if (key[i]! !== current) {
        state.clear();
        current = key[i]!;
      }
      for (let k = 0; k < width; k++) inputs[k] = columns[k]![i]!;
      state.push(time[i]!, arrival[i]!, ids?.[i] ?? '', inputs, 0);
    }
  }
  answerBefore(Number.POSITIVE_INFINITY, 0, 0);
  await sql.run(`DROP TABLE "${spine.table}_keys"`);

  return Object.fromEntries(
    features.map(({name, type}, f) => [
      name,
      type === 'string' ? Array.from(answers[f]!, code => codes.decode(code)) : answers[f]!,
    ]),
  );
}

function inputColumns(chunk: Columns, width: number, codes: StringCodes): Float64Array[] {
  return Array.from({length: width}, (_, k) => {
    const column = chunk.columns[`i${k}`]!;
    return column instanceof Float64Array ? column : Float64Array.from(column, text => codes.encode(text));
  });
}
