import type {EventBatch} from '../../protocol/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {bindExpression, bindNumber} from '../expressions/bind.ts';
import {KeyState} from '../windows/key-state.ts';
import {type Input, type Layout, layoutOf} from '../windows/layout.ts';
import {StringCodes} from '../windows/string-codes.ts';

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

/** The live state of one view: one `KeyState` for each key. */
export class ViewState {
  readonly view: FeatureView;
  /** Name and version of the view. */
  readonly key: string;
  readonly layout: Layout;
  readonly keys = new Map<string, KeyState>();
  readonly codes: StringCodes;
  /** Keys that changed since they were last written to a store. */
  readonly changed = new Set<string>();
  readonly #empty: Float64Array;

  constructor(view: FeatureView, strings: readonly string[] = []) {
    this.view = view;
    this.key = viewKey(view);
    this.layout = layoutOf(view);
    this.codes = new StringCodes(strings);
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
    let state = this.keys.get(key);
    if (!state) {
      state = new KeyState(this.layout, this.codes);
      this.keys.set(key, state);
    }
    state.push(time, arrival, id, inputs, at);
    this.changed.add(key);
  }

  /** Features of a key as of `q`, from `out[at]` on; string features as codes of `codes`. */
  read(key: string | null, q: number, out: Float64Array, at: number): void {
    const state = key === null ? undefined : this.keys.get(key);
    if (state) state.read(q, out, at);
    else out.set(this.#empty, at);
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
