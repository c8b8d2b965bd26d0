import type {ColumnData, Columns} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {identifier} from '../expressions/sql.ts';
import {KeyState} from '../windows/key-state.ts';
import {type Layout, layoutOf} from '../windows/layout.ts';
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

/** An event of the key that is being replayed, which its next query may not see yet. */
type Waiting = {
  readonly time: number;
  readonly arrival: number;
  readonly position: number;
  readonly id: string;
  readonly inputs: Float64Array;
};

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

  const codes = new StringCodes();
  const answers = features.map(() => new Float64Array(spine.rows));
  // Without ids ties keep the order of the sort, which costs less; it is lost when an event has to wait.
  const replayed =
    delays!.low === delays!.high &&
    (await replay(sql, plan.events(false), {layout, queries, codes, answers, ids: false}));
  if (!replayed) await replay(sql, plan.events(true), {layout, queries, codes, answers, ids: true});
  await sql.run(`DROP TABLE ${identifier(`${spine.table}_keys`)}`);

  return Object.fromEntries(
    features.map(({name, type}, f) => [
      name,
      type === 'string' ? Array.from(answers[f]!, code => codes.decode(code)) : answers[f]!,
    ]),
  );
}

type Replay = {
  readonly layout: Layout;
  readonly queries: SortedSpine & {readonly count: number};
  readonly codes: StringCodes;
  /** Per feature, filled by row. */
  readonly answers: readonly Float64Array[];
  readonly ids: boolean;
};

/** Fills the answers. False, and nothing of use filled, if the ids of events are needed and were not asked for. */
async function replay(
  sql: SqlEngine,
  events: string,
  {layout, queries, codes, answers, ids}: Replay,
): Promise<boolean> {
  const width = layout.inputs.length;
  const state = new KeyState(layout, codes);
  const out = new Float64Array(layout.features.length);
  state.read(0, out, 0);
  for (let f = 0; f < answers.length; f++) answers[f]!.fill(out[f]!);

  let next = 0;
  let current = -1;
  let waiting: Waiting[] = [];
  let lowest = Number.POSITIVE_INFINITY;
  const begin = (key: number): void => {
    if (key === current) return;
    state.clear();
    waiting = [];
    lowest = Number.POSITIVE_INFINITY;
    current = key;
  };
  /** Shows the state what lies before this position of the log. */
  const release = (limit: number): void => {
    const seen = (event: Waiting) => !(event.position >= limit);
    for (const event of waiting.filter(seen)) state.push(event.time, event.arrival, event.id, event.inputs, 0);
    waiting = waiting.filter(event => !seen(event));
    lowest = waiting.reduce((low, event) => Math.min(low, event.position), Number.POSITIVE_INFINITY);
  };
  /** Answers the queries that come before an event of `key` which arrived at `arrival`. */
  const answerBefore = (key: number, arrival: number): void => {
    while (next < queries.count) {
      const of = queries.key[next]!;
      if (of > key || (of === key && queries.q[next]! >= arrival)) return;
      begin(of);
      if (waiting.length > 0 && !(lowest >= queries.position[next]!)) release(queries.position[next]!);
      state.read(queries.q[next]!, out, 0);
      for (let f = 0; f < answers.length; f++) answers[f]![queries.row[next]!] = out[f]!;
      next++;
    }
  };

  const inputs = new Float64Array(width);
  for await (const chunk of sql.stream(events)) {
    const columns = inputColumns(chunk, width, codes);
    const key = chunk.columns.k as Float64Array;
    const time = chunk.columns._time as Float64Array;
    const arrival = chunk.columns._arrival as Float64Array;
    const position = chunk.columns._position as Float64Array;
    const id = ids ? (chunk.columns._id as readonly string[]) : null;
    for (let i = 0; i < chunk.count; i++) {
      answerBefore(key[i]!, arrival[i]!);
      begin(key[i]!);
      for (let k = 0; k < width; k++) inputs[k] = columns[k]![i]!;
      if (queries.key[next] === current && position[i]! >= queries.position[next]!) {
        if (id === null) return false;
        lowest = Math.min(lowest, position[i]!);
        waiting.push({
          time: time[i]!,
          arrival: arrival[i]!,
          position: position[i]!,
          id: id[i]!,
          inputs: inputs.slice(),
        });
      } else state.push(time[i]!, arrival[i]!, id?.[i] ?? '', inputs, 0);
    }
  }
  answerBefore(Number.POSITIVE_INFINITY, 0);
  return true;
}

function inputColumns(chunk: Columns, width: number, codes: StringCodes): Float64Array[] {
  return Array.from({length: width}, (_, k) => {
    const column = chunk.columns[`i${k}`]!;
    return column instanceof Float64Array ? column : Float64Array.from(column, text => codes.encode(text));
  });
}
