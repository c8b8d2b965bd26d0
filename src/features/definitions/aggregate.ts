import {
  type ColumnsOf,
  type Duration,
  durationMs,
  MillraceError,
  type Row,
  type Schema,
  type TypeName,
} from '../../protocol/index.ts';
import type {AggregationName} from '../aggregations/table.ts';
import {type ColumnExpressions, columnExpressions, Expression} from '../expressions/expression.ts';
import type {Node} from '../expressions/node.ts';

/** An aggregation of a view before and after it was given windows. `O`: what it yields; `W`: its windows. */
export interface Aggregate<O, W extends Duration = never> {
  readonly aggregation: AggregationName;
  /** What is summed up; null for `count()`. */
  readonly input: Node | null;
  readonly where: Node | null;
  readonly result: TypeName;
  readonly windows: readonly W[];
  /** Exact sliding windows: events in [q - w, q). One feature for each, named `<name>_<window>`. */
  over<const Ws extends readonly Duration[]>(...windows: Ws): Aggregate<O, Ws[number]>;
  /** Phantom. */
  readonly output?: O;
}

function aggregate<O, W extends Duration = never>(
  aggregation: AggregationName,
  input: Node | null,
  where: Node | null,
  result: TypeName,
  windows: readonly W[] = [],
): Aggregate<O, W> {
  return Object.freeze({
    aggregation,
    input,
    where,
    result,
    windows,
    over: <const Ws extends readonly Duration[]>(...given: Ws): Aggregate<O, Ws[number]> => {
      for (const w of given)
        if (!Number.isInteger(durationMs(w)) || durationMs(w) === 0)
          throw new MillraceError('DEFINITION_INVALID', `A window of ${w} is not possible.`, {
            fix: 'Use a whole number of milliseconds above 0.',
          });
      return aggregate<O, Ws[number]>(aggregation, input, where, result, given);
    },
  });
}

type Numeric = number | null;

/** The aggregations of a view, over the columns of its source. */
export interface Aggregates<S extends Schema> {
  /** The columns, for conditions: `a.col.delay.gt(15)`. */
  readonly col: ColumnExpressions<S>;
  /** The same aggregations over the events that satisfy the condition only. */
  where(condition: Expression<boolean | null>): Aggregates<S>;
  count(): Aggregate<number>;
  sum(column: ColumnsOf<S, Numeric> | Expression<Numeric>): Aggregate<number | null>;
  mean(column: ColumnsOf<S, Numeric> | Expression<Numeric>): Aggregate<number | null>;
  min(column: ColumnsOf<S, Numeric> | Expression<Numeric>): Aggregate<number | null>;
  max(column: ColumnsOf<S, Numeric> | Expression<Numeric>): Aggregate<number | null>;
  /** Value of the latest event that has one. */
  last<C extends ColumnsOf<S, Numeric | boolean | string | Date>>(column: C): Aggregate<Row<S>[C] | null>;
  /** Share of events (0 to 1) that satisfy the condition, of those where it is not null. */
  share(condition: Expression<boolean | null>): Aggregate<number | null>;
}

export function aggregatesOf<S extends Schema>(schema: S, filter: Node | null = null): Aggregates<S> {
  const col = columnExpressions(schema);
  const input = (column: string | Expression<Numeric>): Node =>
    (column instanceof Expression ? column : col[column]!).node;
  const numeric = (name: AggregationName) => (column: string | Expression<Numeric>) =>
    aggregate<number | null>(name, input(column), filter, 'number');
  return {
    col,
    where: condition =>
      aggregatesOf(schema, filter === null ? condition.node : {op: 'call', fn: 'and', args: [filter, condition.node]}),
    count: () => aggregate('count', null, filter, 'int'),
    sum: numeric('sum'),
    mean: numeric('mean'),
    min: numeric('min'),
    max: numeric('max'),
    last: column => aggregate('last', input(column), filter, schema[column]!.type),
    share: condition => aggregate('mean', condition.node, filter, 'number'),
  };
}
