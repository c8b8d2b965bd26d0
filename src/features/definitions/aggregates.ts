import type {ColumnsOf, Duration, Row, Schema} from '../../protocol/index.ts';
import type {ColumnExpressions, Expression} from '../expressions/expression.ts';
import type {Aggregate, Ranked, Scalar, Windowed} from './aggregate.ts';

type Numeric = number | null;
type Single = Numeric | boolean | string | Date;
/** A column by name, or an expression over the columns. */
type Input<S extends Schema, V> = ColumnsOf<S, V> | Expression<V>;
type Yields<S extends Schema, C> = C extends Expression<infer V> ? V : C extends keyof S ? Row<S>[C] : never;
/** Columns of `t.vector(n)`. */
type VectorsOf<S extends Schema> = ColumnsOf<S, readonly number[] | null>;
type Elements = {[I in `_${number}`]: number | null};

/** Something to divide, or to divide by. */
type Part = Windowed<Scalar<number | null>, never>;

/** The aggregations of a view, over the columns of its source. Null inputs are skipped; over nothing the answer is null, and 0 for counts. */
export interface Aggregates<S extends Schema> {
  /** The columns, for conditions and expressions: `a.col.delay.gt(15)`. */
  readonly col: ColumnExpressions<S>;
  /** The same aggregations over the events that satisfy the condition only. */
  where(condition: Expression<boolean | null>): Aggregates<S>;
  count(): Aggregate<Scalar<number>>;
  /** Integers are summed exactly, to 64 bits. */
  sum(input: Input<S, Numeric>): Aggregate<Scalar<number | null>>;
  sum(vector: VectorsOf<S>): Aggregate<Elements>;
  mean(input: Input<S, Numeric>): Aggregate<Scalar<number | null>>;
  mean(vector: VectorsOf<S>): Aggregate<Elements>;
  min<C extends Input<S, Numeric | Date>>(input: C): Aggregate<Scalar<Yields<S, C> | null>>;
  max<C extends Input<S, Numeric | Date>>(input: C): Aggregate<Scalar<Yields<S, C> | null>>;
  max(vector: VectorsOf<S>): Aggregate<Elements>;
  /** Of a sample: divided by n - 1; null below two values. */
  variance(input: Input<S, Numeric>): Aggregate<Scalar<number | null>>;
  /** Root of the sample variance. */
  standardDeviation(input: Input<S, Numeric>): Aggregate<Scalar<number | null>>;
  first<C extends Input<S, Single>>(input: C): Aggregate<Scalar<Yields<S, C> | null>>;
  /** Value of the latest event that has one. */
  last<C extends Input<S, Single>>(input: C): Aggregate<Scalar<Yields<S, C> | null>>;
  /** The first k values, `_1` the earliest. */
  firstK<C extends Input<S, Single>, const K extends number>(input: C, k: K): Aggregate<Ranked<K, Yields<S, C> | null>>;
  /** The last k values, `_1` the latest. */
  lastK<C extends Input<S, Single>, const K extends number>(input: C, k: K): Aggregate<Ranked<K, Yields<S, C> | null>>;
  /** Number of different values, exactly: state and cost grow with them. */
  distinct(input: Input<S, Single>): Aggregate<Scalar<number>>;
  /** The same within about 1.6 %, in 4 kB. */
  distinctSketch(input: Input<S, Single>): Aggregate<Scalar<number>>;
  /** Quantile p in [0, 1], linear between neighbours, exactly: state and cost grow with the number of values. */
  quantile(input: Input<S, Numeric>, p: number): Aggregate<Scalar<number | null>>;
  /** The same within a relative `accuracy` (0.01 unless told) of the value. */
  quantileSketch(input: Input<S, Numeric>, p: number, accuracy?: number): Aggregate<Scalar<number | null>>;
  /** The k values seen most often, `_1` the most frequent. */
  topK<C extends Input<S, Single>, const K extends number>(input: C, k: K): Aggregate<Ranked<K, Yields<S, C> | null>>;
  /** How often the k most frequent values were seen. */
  topKCounts<const K extends number>(input: Input<S, Single>, k: K): Aggregate<Ranked<K, number>>;
  /** Counts below the first edge (`_1`), in each [edge, next), and from the last edge on. */
  histogram(input: Input<S, Numeric>, edges: readonly number[]): Aggregate<{[I in `_${number}`]: number}>;
  /** Share of events (0 to 1) that satisfy the condition, of those where it is not null. */
  share(condition: Expression<boolean | null>): Aggregate<Scalar<number | null>>;
  /** Each value weighed by 2^(-(q - time) / halfLife). */
  decayedSum(input: Input<S, Numeric>, halfLife: Duration): Aggregate<Scalar<number | null>>;
  decayedMean(input: Input<S, Numeric>, halfLife: Duration): Aggregate<Scalar<number | null>>;
  /** Milliseconds since the last event. */
  sinceLast(): Aggregate<Scalar<number | null>>;
  /** One aggregate divided by another; null where either is null or the divisor is 0. */
  ratio(of: Part, to: Part): Aggregate<Scalar<number | null>>;
}
