import type {ColumnData, TypeName, Value} from '../../protocol/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {bindExpression} from '../expressions/bind.ts';
import {QUERY_TIME} from '../expressions/expression.ts';
import {keyOf} from '../stream/view-state.ts';

/** Feature values of one decision, in the order of the feature set. NaN is null in numbers; booleans are 1 and 0. */
export type FeatureRow = (number | string | null)[];

/** Fields of a request as the features read them; what is absent counts as null. */
export type Request = Readonly<Record<string, Value | undefined>>;

/** A column of one row, that expressions are bound to. */
type Cell = Float64Array | (string | null)[];

type ViewCells = {readonly fields: readonly string[]; readonly cells: readonly Cell[]};

/**
 * Makes the row of a feature set from the values of its views, which somebody else reads. The same expression data
 * that made the training set is bound here to columns of one row.
 */
export class RowMaker {
  readonly set: FeatureSet;
  readonly #at = new Float64Array(1);
  readonly #request: readonly {readonly field: string; readonly cell: Cell}[];
  readonly #views: readonly ViewCells[];
  readonly #derived: readonly {readonly derive: (row: number) => Value; readonly type: TypeName; readonly cell: Cell}[];

  constructor(set: FeatureSet) {
    this.set = set;
    const columns: Record<string, ColumnData> = {[QUERY_TIME]: this.#at};
    const cellOf = (name: string, type: TypeName): Cell => {
      const cell: Cell = type === 'string' ? [null] : new Float64Array(1);
      columns[name] = cell;
      return cell;
    };
    this.#request = Object.entries(set.request).map(([field, {type}]) => ({field, cell: cellOf(field, type)}));
    this.#views = set.views.map(({view, fields}) => ({
      fields: Object.keys(view.entity.keys).map(key => fields[key]!),
      cells: view.features.map(({name, type}) => cellOf(name, type)),
    }));
    this.#derived = set.derived.map(({name, node, type}) => {
      const derive = bindExpression(node, columns);
      return {derive, type, cell: cellOf(name, type)};
    });
  }

  /** The key that view number `view` of the set is read for; null if a part of it is null. */
  key(view: number, request: Request): string | null {
    return keyOf(this.#views[view]!.fields.map(field => (request[field] ?? null) as string | number | null));
  }

  /** The row as of `q`. `values(view)`: the features of a view, strings as codes that `decode(view, code)` reads. */
  make(
    request: Request,
    q: number,
    values: (view: number) => Float64Array,
    decode: (view: number, code: number) => string | null,
  ): FeatureRow {
    const row: FeatureRow = [];
    this.#at[0] = q;
    for (const {field, cell} of this.#request) {
      const value = request[field] ?? null;
      if (cell instanceof Float64Array) cell[0] = value === null ? Number.NaN : Number(value);
      else cell[0] = value as string | null;
    }
    for (let v = 0; v < this.#views.length; v++) {
      const {cells} = this.#views[v]!;
      const numbers = values(v);
      for (let f = 0; f < cells.length; f++) {
        const cell = cells[f]!;
        if (cell instanceof Float64Array) cell[0] = numbers[f]!;
        else cell[0] = decode(v, numbers[f]!);
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
