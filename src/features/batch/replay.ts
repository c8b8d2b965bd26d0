import {KeyState} from '../windows/key-state.ts';
import type {Layout} from '../windows/layout.ts';
import {StateContext} from '../windows/state-context.ts';
import type {StringCodes} from '../windows/string-codes.ts';
import {ArrivalOrder} from './arrival-order.ts';
import type {KeyedColumns} from './keyed-columns.ts';

/** The events and the rows of some keys, and where the answers go. */
export type ReplayInput = {
  /** Time, inputs, then arrival and position if they are there; by key in order of (time, id). */
  readonly events: KeyedColumns;
  /** Without arrivals each event arrived at its time; without positions every row sees all of the log. */
  readonly arrivals: boolean;
  readonly positions: boolean;
  /** Query time, row, position; by key in order of query time. */
  readonly queries: KeyedColumns;
  /** By feature, filled by row. */
  readonly answers: readonly Float64Array[];
};

/** Answers the rows of the keys [from, to): each key's events go through the state that the stream uses. */
export function replayKeys(layout: Layout, codes: StringCodes, input: ReplayInput, from: number, to: number): void {
  const {events, queries, answers} = input;
  const context = new StateContext(layout, codes);
  const out = new Float64Array(answers.length);
  let state = new KeyState(layout, codes, context);
  const read = (query: number, n: number, i: number) => {
    state.read(queries.data[query + i]!, out, 0);
    const row = queries.data[query + n + i]!;
    for (let f = 0; f < answers.length; f++) answers[f]![row] = out[f]!;
  };
  const arriving = new ArrivalOrder(layout, input);
  for (let k = from; k < to; k++) {
    const queryCount = queries.starts[k + 1]! - queries.starts[k]!;
    const eventCount = events.starts[k + 1]! - events.starts[k]!;
    if (queryCount === 0 || eventCount === 0) continue;
    const query = queries.starts[k]! * queries.width;
    if (!input.arrivals && !input.positions) {
      // What has not happened yet is not seen: all events can be there at once.
      if (eventCount <= state.events.stride) state.clear();
      else {
        state.release();
        state = new KeyState(layout, codes, context, '', 2 ** Math.ceil(Math.log2(eventCount)));
      }
      state.events.restore(events.data, events.starts[k]! * events.width, eventCount, []);
      for (let i = 0; i < queryCount; i++) read(query, queryCount, i);
    } else {
      let rows: Iterable<number> = Array(queryCount).keys();
      for (let left = queryCount; left > 0; ) {
        // What a state was shown of the log cannot be taken back: rows that saw less than one before them come in a round of
        // their own. Servers that read one state are behind by different amounts, so these are few.
        const sawLess: number[] = [];
        let shown = Number.NEGATIVE_INFINITY;
        state.clear();
        arriving.begin(k);
        for (const i of rows) {
          const limit = queries.data[query + 2 * queryCount + i]!;
          if (limit < shown) {
            sawLess.push(i);
            continue;
          }
          shown = Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
          arriving.show(state, queries.data[query + i]!, limit);
          read(query, queryCount, i);
        }
        rows = sawLess;
        left = sawLess.length;
      }
    }
  }
}
