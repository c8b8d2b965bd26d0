import type {EventBatch} from '../../protocol/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {bindExpression, bindNumber} from '../expressions/bind.ts';
import {KeyState} from '../windows/key-state.ts';
import {type Input, type Layout, layoutOf} from '../windows/layout.ts';
import {StringCodes} from '../windows/string-codes.ts';
import {type CacheOptions, StateCache} from './state-cache.ts';

/** Joins the parts of a composite key. */
const KEY_SEPARATOR = '\u001f';
const KEY_ESCAPE = '\u001e';

/** The key of a state from the values of the entity's keys, in their order; null if one is null. Different values give different keys. */
export function keyOf(parts: readonly (string | number | null)[]): string | null {
  if (parts.length === 1) {
    const [part] = parts;
    return part === null || part === undefined ? null : String(part);
  }
  return parts.includes(null) ? null : parts.map(escaped).join(KEY_SEPARATOR);
}

function escaped(part: string | number | null): string {
  const text = String(part);
  if (!text.includes(KEY_SEPARATOR) && !text.includes(KEY_ESCAPE)) return text;
  return text.replaceAll(KEY_ESCAPE, `${KEY_ESCAPE}0`).replaceAll(KEY_SEPARATOR, `${KEY_ESCAPE}1`);
}

/** How far the state of a view that is being filled from the log has come. */
export type Filling = {
  /** The log position from which it was filled: above 0 it went on where an earlier process had stopped. */
  readonly from: number;
  /** Log positions read, of those to read. */
  readonly read: number;
  readonly total: number;
  /** What ended it before its time. */
  readonly failure: string | null;
};

/** The live state of one view: one `KeyState` for each key, in memory or in a store. */
export class ViewState {
  readonly view: FeatureView;
  /** Name and version of the view. */
  readonly key: string;
  readonly layout: Layout;
  readonly states: StateCache;
  readonly codes: StringCodes;
  /** Where its states are kept; null if in memory only. */
  readonly stored: {readonly number: number; codes: number} | null;
  /** Not null as long as it has not taken all of the log: it must not be read. */
  filling: Filling | null = null;
  readonly #empty: Float64Array;

  constructor(
    view: FeatureView,
    options: CacheOptions = {},
    strings: readonly string[] = [],
    number: number | null = null,
  ) {
    this.view = view;
    this.key = viewKey(view);
    this.layout = layoutOf(view);
    this.codes = new StringCodes(strings);
    this.states = new StateCache(this.layout, this.codes, options);
    this.stored = number === null ? null : {number, codes: strings.length};
    this.#empty = new Float64Array(view.features.length);
    new KeyState(this.layout, this.codes).read(0, this.#empty, 0);
  }

  /** Compiles the view over the columns of a batch: `row → key, inputs`. Decided once per batch. */
  bind(batch: EventBatch): {
    key: (row: number) => string | null;
    inputs: (row: number, out: Float64Array, at: number) => void;
  } {
    const parts = Object.keys(this.view.entity.keys).map(key => {
      const column = batch.columns[this.view.keys[key]!]!;
      return column instanceof Float64Array
        ? (row: number) => (Number.isNaN(column[row]!) ? null : column[row]!)
        : (row: number) => column[row] ?? null;
    });
    const readers = this.layout.inputs.map(input => this.#input(input, batch));
    const [only] = parts;
    return {
      key: parts.length === 1 ? row => keyOf([only!(row)]) : row => keyOf(parts.map(part => part(row))),
      inputs: (row, out, at) => {
        for (let k = 0; k < readers.length; k++) out[at + k] = readers[k]!(row);
      },
    };
  }

  push(key: string, time: number, arrival: number, id: string, inputs: Float64Array, at: number): void {
    this.states.change(key).push(time, arrival, id, inputs, at);
  }

  /** Features of a key as of `q`, from `out[at]` on; string features as codes of `codes`. */
  read(key: string | null, q: number, out: Float64Array, at: number): void {
    const state = key === null ? undefined : this.states.get(key);
    if (state) state.read(q, out, at);
    else out.set(this.#empty, at);
  }

  /** Time of the latest event that is kept of a key (UTC ms); null if there is none. */
  latestEvent(key: string | null): number | null {
    const events = key === null ? undefined : this.states.get(key)?.events;
    return events === undefined || events.tail === events.head ? null : events.time(events.tail - 1);
  }

  #input({node, where, type}: Input, batch: EventBatch): (row: number) => number {
    const value = this.#value(node, type, batch);
    if (where === null) return value;
    const holds = bindExpression(where, batch.columns);
    return row => (holds(row) === true ? value(row) : Number.NaN);
  }

  #value(node: Input['node'], type: Input['type'], batch: EventBatch): (row: number) => number {
    if (node === null) return () => 1;
    if (type !== 'string') return bindNumber(node, batch.columns);
    const text = bindExpression(node, batch.columns);
    return row => this.codes.encode(text(row) as string | null);
  }
}
