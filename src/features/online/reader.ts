import type {ColumnData, TypeName, Value} from '../../protocol/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {bindExpression} from '../expressions/bind.ts';
import {QUERY_TIME} from '../expressions/expression.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import {keyOf, type ViewState} from '../stream/view-state.ts';

/** Feature values of one decision, in the order of the feature set. NaN is null in numbers; booleans are 1 and 0. */
export type FeatureRow = (number | string | null)[];

/** A column of one row, that expressions are bound to. */
type Cell = Float64Array | (string | null)[];

type LiveView = {
  readonly state: ViewState;
  /** Fields of the request that hold the entity's keys. */
  readonly fields: readonly string[];
  readonly numbers: Float64Array;
  readonly cells: readonly Cell[];
};

/**
 * Reads a feature set for one request from the live state. The same expression data that made the training
 * set is bound here to columns of one row.
 */
export class OnlineReader {
  readonly set: FeatureSet;
  readonly #executor: StreamExecutor;
  readonly #at = new Float64Array(1);
  readonly #request: readonly {readonly field: string; readonly cell: Cell}[];
  readonly #views: readonly LiveView[];
  readonly #derived: readonly {readonly derive: (row: number) => Value; readonly type: TypeName; readonly cell: Cell}[];

  constructor(set: FeatureSet, executor: StreamExecutor) {
    this.set = set;
    this.#executor = executor;
    const columns: Record<string, ColumnData> = {[QUERY_TIME]: this.#at};
    const cellOf = (name: string, type: TypeName): Cell => {
      const cell: Cell = type === 'string' ? [null] : new Float64Array(1);
      columns[name] = cell;
      return cell;
    };
    this.#request = Object.entries(set.request).map(([field, {type}]) => ({field, cell: cellOf(field, type)}));
    this.#views = set.views.map(({view, fields}) => ({
      state: executor.view(view),
      fields: Object.keys(view.entity.keys).map(key => fields[key]!),
      numbers: new Float64Array(view.features.length),
      cells: view.features.map(({name, type}) => cellOf(name, type)),
    }));
    this.#derived = set.derived.map(({name, node, type}) => {
      const derive = bindExpression(node, columns);
      return {derive, type, cell: cellOf(name, type)};
    });
  }

  /** Time of the latest event in the state that view number `view` of the set reads for this request; null: none is kept. */
  latestEvent(view: number, request: Readonly<Record<string, Value | undefined>>): number | null {
    const {state, fields} = this.#views[view]!;
    return state.latestEvent(keyOf(fields.map(field => (request[field] ?? null) as string | number | null)));
  }

  /** Features as of `q`. Fields of the request that are absent count as null. */
  read(request: Readonly<Record<string, Value | undefined>>, q: number): FeatureRow {
    const row: FeatureRow = [];
    this.#at[0] = q;
    for (const {field, cell} of this.#request) {
      const value = request[field] ?? null;
      if (cell instanceof Float64Array) cell[0] = value === null ? Number.NaN : Number(value);
      else cell[0] = value as string | null;
    }
    for (const {state, fields, numbers, cells} of this.#views) {
      const key = keyOf(fields.map(field => (request[field] ?? null) as string | number | null));
      this.#executor.read(state, key, q, numbers, 0);
      for (let f = 0; f < cells.length; f++) {
        const cell = cells[f]!;
        if (cell instanceof Float64Array) cell[0] = numbers[f]!;
        else cell[0] = state.codes.decode(numbers[f]!);
        row.push(cell[0]!);
      }
    }
    for (const {derive, type, cell} of this.#derived) {
      const value = derive(0);
      cell[0] = type === 'string' ? (value as string | null) : value === null ? Number.NaN : Number(value);
      row.push(cell[0]);
    }
    return row;
  }
}
