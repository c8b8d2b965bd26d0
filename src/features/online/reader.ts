import type {ColumnData, TypeName, Value} from '../../protocol/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {bindExpression} from '../expressions/bind.ts';
import {QUERY_TIME} from '../expressions/expression.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import {keyOf, type ViewState} from '../stream/view-state.ts';

/** Feature values of one decision, in the order of the feature set. NaN is null in numbers; booleans are 1 and 0. */
export type FeatureRow = (number | string | null)[];

/**
 * Reads a feature set for one request from the live state. The same expression data that made the training
 * set is bound here to columns of one row.
 */
export class OnlineReader {
  readonly set: FeatureSet;
  readonly #executor: StreamExecutor;
  readonly #columns: Record<string, ColumnData> = {};
  readonly #views: {readonly state: ViewState; readonly fields: readonly string[]; readonly numbers: Float64Array}[];
  readonly #derived: {readonly derive: (row: number) => Value; readonly type: TypeName}[];

  constructor(set: FeatureSet, executor: StreamExecutor) {
    this.set = set;
    this.#executor = executor;
    this.#columns[QUERY_TIME] = new Float64Array(1);
    for (const [field, {type}] of Object.entries(set.request))
      this.#columns[field] = type === 'string' ? [null] : new Float64Array(1);
    this.#views = set.views.map(({view, fields}) => ({
      state: executor.view(view.name),
      fields: Object.keys(view.entity.keys).map(key => fields[key]!),
      numbers: new Float64Array(view.features.length),
    }));
    for (const {view} of set.views)
      for (const {name, type} of view.features) this.#columns[name] = type === 'string' ? [null] : new Float64Array(1);
    this.#derived = set.derived.map(({node, type}) => ({derive: bindExpression(node, this.#columns), type}));
  }

  /** Features as of `q`. Fields of the request that are absent count as null. */
  read(request: Readonly<Record<string, Value | undefined>>, q: number): FeatureRow {
    const row: FeatureRow = [];
    this.#set(QUERY_TIME, q);
    for (const field of Object.keys(this.set.request)) this.#set(field, request[field] ?? null);
    for (const {state, fields, numbers} of this.#views) {
      const key = keyOf(fields.map(field => (request[field] ?? null) as string | number | null));
      this.#executor.read(state, key, q, numbers, 0);
      state.view.features.forEach(({name, type}, i) => {
        const value = type === 'string' ? state.codes.decode(numbers[i]!) : numbers[i]!;
        this.#set(name, value);
        row.push(value);
      });
    }
    for (const {derive, type} of this.#derived) {
      const value = derive(0);
      row.push(type === 'string' ? (value as string | null) : value === null ? Number.NaN : Number(value));
    }
    return row;
  }

  #set(name: string, value: Value): void {
    const column = this.#columns[name]!;
    if (column instanceof Float64Array) column[0] = value === null ? Number.NaN : Number(value);
    else (column as (string | null)[])[0] = value as string | null;
  }
}
