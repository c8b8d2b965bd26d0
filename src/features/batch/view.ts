import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ColumnData} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {KeyState} from '../windows/key-state.ts';
import {type Layout, layoutOf} from '../windows/layout.ts';
import {StringCodes} from '../windows/string-codes.ts';
import {orderByFirst, orderTiesByLast, overwriteTies, tiedTimes} from './key-order.ts';
import {Grouping, type KeyedColumns, numbersOf} from './keyed-columns.ts';
import {columnNames, type EventColumns, planView, type ViewPlan, viewReach} from './plan.ts';
import {type ReplayInput, replayKeys} from './replay.ts';
import type {Spine} from './spine.ts';

/** Numbers of events that are held at once, twice while they are grouped (1 GiB); more of them are read in parts, by key. */
export const MOST_NUMBERS = 2 ** 26;
/** Up to so many tied times the events at them are read again; else the engine sorts all by id. */
const FEW_TIES = 1_000;
/** Events and rows replayed before whatever else the process does gets its turn: some ten milliseconds. */
const ROWS_A_TURN = 4_000;

/**
 * The features of one view for every row of the spine. The engine scans and numbers the keys; events and rows are
 * grouped by key here, and each key's events replayed, with the rows between them, through the state that the stream
 * uses.
 */
export async function computeView(
  sql: SqlEngine,
  viewUse: ViewUse,
  spine: Spine,
  relation: string,
): Promise<Record<string, ColumnData>> {
  const layout = layoutOf(viewUse.view);
  const {features} = layout;
  const plan = planView(viewUse, layout, spine, relation);
  const codes = new StringCodes();
  const answers = emptyAnswers(layout, codes, spine.rows);
  await sql.run(plan.keys);
  try {
    const queries = await loadQueries(sql, plan, spine);
    const [extent] = await sql.rows(plan.extent);
    const arrivals = Number(extent!.low) !== 0 || Number(extent!.high) !== 0;
    const positions = limited(queries);
    const width = columnNames(layout, {arrivals, positions}).length;
    const parts = Math.max(1, Math.ceil((Number(extent!.n) * (width + 1)) / MOST_NUMBERS));
    for (let part = 0; part < parts; part++) {
      const columns = {arrivals, positions, sorted: false, parts, part};
      const events = await loadEvents(sql, plan, layout, codes, queries, columns);
      const input: ReplayInput = {events, arrivals, positions, queries, answers};
      for (let from = 0; from < queries.keys; ) {
        const to = endOfTurn(input, from);
        replayKeys(layout, codes, input, from, to);
        from = to;
        await nextTurn();
      }
    }
  } finally {
    await sql.run(plan.dropKeys);
  }
  return Object.fromEntries(
    features.map(({name, type}, f) => [
      name,
      type === 'string' ? Array.from(answers[f]!, code => codes.decode(code)) : answers[f]!,
    ]),
  );
}

/** The keys from `from` on that are replayed before others get their turn; a key is not divided. */
function endOfTurn({events, queries}: ReplayInput, from: number): number {
  const done = (k: number) => events.starts[k]! - events.starts[from]! + queries.starts[k]! - queries.starts[from]!;
  let to = from + 1;
  while (to < queries.keys && done(to) < ROWS_A_TURN) to++;
  return to;
}

/** What a key without events answers. */
function emptyAnswers(layout: Layout, codes: StringCodes, rows: number): Float64Array[] {
  const out = new Float64Array(layout.features.length);
  new KeyState(layout, codes).read(0, out, 0);
  return layout.features.map((_, f) => new Float64Array(new SharedArrayBuffer(rows * 8)).fill(out[f]!));
}

async function loadQueries(sql: SqlEngine, plan: ViewPlan, {table}: Spine): Promise<KeyedColumns> {
  const [row] = await sql.rows(`SELECT count(*) AS n FROM "${table}_keys"`);
  const grouping = new Grouping(Number(row!.n), 3);
  for await (const {count, columns} of sql.stream(plan.spine))
    grouping.add(count, columns._k as Float64Array, [columns._q, columns._row, columns._position] as Float64Array[]);
  const queries = grouping.group();
  orderByFirst(queries);
  // What a state was shown of the log cannot be taken back: of the rows of one instant the one that saw least comes first.
  if (limited(queries)) orderTiesByLast(queries);
  return queries;
}

/** Whether any row sees only a part of the log. */
function limited({keys, starts, data}: KeyedColumns): boolean {
  for (let k = 0; k < keys; k++)
    for (let i = starts[k]! * 3 + 2 * (starts[k + 1]! - starts[k]!); i < starts[k + 1]! * 3; i++)
      if (!Number.isNaN(data[i]!)) return true;
  return false;
}

async function loadEvents(
  sql: SqlEngine,
  plan: ViewPlan,
  layout: Layout,
  codes: StringCodes,
  queries: KeyedColumns,
  columns: EventColumns,
): Promise<KeyedColumns> {
  const names = columnNames(layout, columns);
  const grouping = new Grouping(queries.keys, names.length);
  const unseen = unseenBy(queries, viewReach(layout));
  for await (const chunk of sql.stream(plan.events(columns))) {
    const key = chunk.columns._k as Float64Array;
    const numbers = numbersOf(chunk, names, codes);
    unseen(chunk.count, key, numbers[0]!);
    grouping.add(chunk.count, key, numbers);
  }
  const events = grouping.group();
  if (columns.sorted) return events;
  orderByFirst(events);
  const times = tiedTimes(events, FEW_TIES);
  if (times === null) return loadEvents(sql, plan, layout, codes, queries, {...columns, sorted: true});
  if (times.length === 0) return events;
  const place = {key: -1, time: 0, at: 0};
  for await (const chunk of sql.stream(plan.events({...columns, sorted: true, times})))
    overwriteTies(events, chunk.count, chunk.columns._k as Float64Array, numbersOf(chunk, names, codes), place);
  return events;
}

/** Takes the key of events that no row of it can see: those at or after its last row, and those too long before its first. */
function unseenBy({keys, starts, data}: KeyedColumns, reach: number) {
  const first = new Float64Array(keys);
  const last = new Float64Array(keys);
  for (let k = 0; k < keys; k++) {
    first[k] = data[starts[k]! * 3]! - reach;
    last[k] = data[starts[k]! * 3 + starts[k + 1]! - starts[k]! - 1]!;
  }
  return (count: number, key: Float64Array, times: Float64Array): void => {
    for (let i = 0; i < count; i++) {
      const k = key[i]!;
      if (times[i]! >= last[k]! || times[i]! < first[k]!) key[i] = Number.NaN;
    }
  };
}
