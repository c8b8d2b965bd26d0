import {
  type ColumnsOf,
  type Duration,
  durationMs,
  MillraceError,
  type Row,
  type Schema,
  type TypeName,
} from '../../protocol/index.ts';
import type {AggregationSpec} from '../aggregations/table.ts';
import {type ColumnExpressions, columnExpressions, Expression} from '../expressions/expression.ts';
import type {Node} from '../expressions/node.ts';
import {sliding, type Window} from './window.ts';

/** What is summed up, and how. */
export type Measure = {
  readonly aggregation: AggregationSpec;
  /** Null: the rows themselves. */
  readonly input: Node | null;
  /** Type of the input; null without one. */
  readonly inputType: TypeName | null;
  /** Only events that satisfy it. */
  readonly where: Node | null;
};

/** One value that an aggregate yields: which of the answers of its measure, and what it is divided by. */
export type Output = Measure & {
  /** Follows the feature's name and window; empty where there is one answer. */
  readonly suffix: string;
  readonly element: number;
  readonly type: TypeName;
  /** The value is the ratio to this one; null where that is null or 0. */
  readonly divisor: Measure | null;
  /** Stands where the value would be null, in every execution alike; null: nothing does. Times are ms, true is 1. */
  readonly default: number | string | null;
};

/** What a view takes: outputs over windows. `O`: suffix of each answer → its type; `W`: names of the windows. */
export interface Windowed<O, W extends string> {
  readonly outputs: readonly Output[];
  readonly windows: readonly Window[];
  /** Phantom. */
  readonly yields?: {readonly values: O; readonly windows: W};
}

/** An aggregation of a view before and after it was given windows. */
export interface Aggregate<O, W extends string = never> extends Windowed<O, W> {
  /** One feature for each window (and answer), named `<name>_<window>`. A duration is an exact sliding window. */
  over<const Ws extends readonly (Duration | Window)[]>(...windows: Ws): Aggregate<O, WindowName<Ws[number]>>;
  /** This value instead of null, for entities without events among others. */
  orElse(value: NonNullable<O[keyof O]>): Aggregate<{[E in keyof O]: NonNullable<O[E]>}, W>;
}

type WindowName<W> = W extends Window<infer N> ? N : W extends string ? W : never;

export type Scalar<V> = {'': V};
/** Answers 1 to K. */
export type Ranked<K extends number, V> = {[I in Ordinal<K>]: V};
type Ordinal<K extends number, Seen extends readonly unknown[] = []> = number extends K
  ? `_${number}`
  : Seen['length'] extends K | 64
    ? never
    : `_${[...Seen, 0]['length'] & number}` | Ordinal<K, [...Seen, 0]>;

function aggregate<O, W extends string = never>(
  outputs: readonly Output[],
  windows: readonly Window[] = [],
): Aggregate<O, W> {
  return Object.freeze({
    outputs: Object.freeze(outputs.map(output => Object.freeze(output))),
    windows: Object.freeze(windows),
    over: <const Ws extends readonly (Duration | Window)[]>(...given: Ws) =>
      aggregate<O, WindowName<Ws[number]>>(
        outputs,
        given.map(w => (typeof w === 'string' ? sliding(w) : w)),
      ),
    orElse: (value: NonNullable<O[keyof O]>) =>
      aggregate<{[E in keyof O]: NonNullable<O[E]>}, W>(
        outputs.map(output => ({
          ...output,
          default: plainDefault(value as unknown as number | string | boolean | Date, output),
        })),
        windows,
      ),
  });
}

function plainDefault(value: number | string | boolean | Date, {type}: Output): number | string {
  const plain = value instanceof Date ? value.getTime() : typeof value === 'boolean' ? Number(value) : value;
  if ((typeof plain === 'string') === (type === 'string') && !Number.isNaN(plain)) return plain;
  throw invalid(`The default ${JSON.stringify(value)} is no ${type}.`, `Give a ${type}.`);
}

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

const invalid = (message: string, fix: string): MillraceError =>
  new MillraceError('DEFINITION_INVALID', message, {fix});

function wholeK(k: number): number {
  if (Number.isInteger(k) && k >= 1 && k <= 1_000) return k;
  throw invalid(`k is ${k}.`, 'Use a whole number from 1 to 1000.');
}

function share(name: string, p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw invalid(`A ${name} of ${p} is not possible.`, 'Use a number from 0 to 1: 0.5 is the median.');
}

function ascending(edges: readonly number[]): readonly number[] {
  if (
    edges.length > 0 &&
    edges.length <= 1_000 &&
    edges.every((e, i) => Number.isFinite(e) && (i === 0 || e > edges[i - 1]!))
  )
    return Object.freeze([...edges]);
  throw invalid(
    `The edges ${JSON.stringify(edges)} are not possible.`,
    'Give 1 to 1000 numbers, each above the one before.',
  );
}

const NUMERIC: readonly TypeName[] = ['number', 'int', 'bool'];
const NUMERIC_OR_TIME: readonly TypeName[] = [...NUMERIC, 'time'];

export function aggregatesOf<S extends Schema>(
  schema: S,
  vectors: Readonly<Record<string, number>> = {},
  filter: Node | null = null,
): Aggregates<S> {
  const col = columnExpressions(schema);
  type Given = string | Expression<unknown>;
  const measure = (aggregation: AggregationSpec, given: Given | null, allowed?: readonly TypeName[]): Measure => {
    const input = given === null ? null : given instanceof Expression ? given : col[given]!;
    if (input && allowed && !allowed.includes(input.type))
      throw invalid(
        `A ${aggregation.name} needs ${allowed.join(', ')}; ${typeof given === 'string' ? `'${given}'` : 'the expression'} is a ${input.type}.`,
        'Aggregate another column, or count it: count, distinct and last take any type.',
      );
    return {aggregation, input: input?.node ?? null, inputType: input?.type ?? null, where: filter};
  };
  const scalar = (of: Measure, type: TypeName) =>
    aggregate<never>([{...of, suffix: '', element: 0, type, divisor: null, default: null}]) as never;
  const ranked = (of: Measure, type: TypeName, k: number, element: (i: number) => number) =>
    aggregate<never>(
      Array.from({length: k}, (_, i) => ({
        ...of,
        suffix: `_${i + 1}`,
        element: element(i),
        type,
        divisor: null,
        default: null,
      })),
    ) as never;
  /** One measure, or one for each element of a vector. */
  const numeric = (spec: (type: TypeName) => AggregationSpec) => (given: Given) => {
    const size = typeof given === 'string' ? vectors[given] : undefined;
    if (size === undefined) {
      const type = (given instanceof Expression ? given : col[given]!).type;
      return scalar(measure(spec(type), given, NUMERIC), 'number');
    }
    return aggregate<never>(
      Array.from({length: size}, (_, i) => ({
        ...measure(spec('number'), `${given}_${i}`),
        suffix: `_${i}`,
        element: 0,
        type: 'number' as const,
        divisor: null,
        default: null,
      })),
    ) as never;
  };
  const typeOf = (given: Given): TypeName => (given instanceof Expression ? given : col[given]!).type;
  const extreme = (name: 'min' | 'max') => (given: Given) =>
    typeof given === 'string' && vectors[given] !== undefined
      ? numeric(() => ({name}))(given)
      : scalar(measure({name}, given, NUMERIC_OR_TIME), typeOf(given));
  const decayed = (name: 'decayedSum' | 'decayedMean') => (given: Given, halfLife: Duration) =>
    scalar(measure({name, halfLifeMs: durationMs(halfLife)}, given, NUMERIC), 'number');
  const all = {
    col,
    where: (condition: Expression<boolean | null>) =>
      aggregatesOf(
        schema,
        vectors,
        filter === null ? condition.node : {op: 'call', fn: 'and', args: [filter, condition.node]},
      ),
    count: () => scalar(measure({name: 'count'}, null), 'int'),
    sum: numeric(type => ({name: type === 'int' ? 'integerSum' : 'sum'})),
    mean: numeric(() => ({name: 'mean'})),
    min: extreme('min'),
    max: extreme('max'),
    variance: numeric(() => ({name: 'variance'})),
    standardDeviation: numeric(() => ({name: 'deviation'})),
    first: (given: Given) => scalar(measure({name: 'first', k: 1}, given), typeOf(given)),
    last: (given: Given) => scalar(measure({name: 'last', k: 1}, given), typeOf(given)),
    firstK: (given: Given, k: number) =>
      ranked(measure({name: 'first', k: wholeK(k)}, given), typeOf(given), k, i => i),
    lastK: (given: Given, k: number) => ranked(measure({name: 'last', k: wholeK(k)}, given), typeOf(given), k, i => i),
    distinct: (given: Given) => scalar(measure({name: 'distinct'}, given), 'int'),
    distinctSketch: (given: Given) => scalar(measure({name: 'distinctSketch'}, given), 'int'),
    quantile: (given: Given, p: number) =>
      scalar(measure({name: 'quantile', p: share('quantile', p)}, given, NUMERIC), 'number'),
    quantileSketch: (given: Given, p: number, accuracy = 0.01) => {
      if (!(accuracy > 0 && accuracy < 1))
        throw invalid(`An accuracy of ${accuracy} is not possible.`, 'Use a number between 0 and 1, such as 0.01.');
      return scalar(measure({name: 'quantileSketch', p: share('quantile', p), accuracy}, given, NUMERIC), 'number');
    },
    topK: (given: Given, k: number) =>
      ranked(measure({name: 'top', k: wholeK(k)}, given), typeOf(given), k, i => 2 * i),
    topKCounts: (given: Given, k: number) =>
      ranked(measure({name: 'top', k: wholeK(k)}, given), 'int', k, i => 2 * i + 1),
    histogram: (given: Given, edges: readonly number[]) =>
      ranked(measure({name: 'histogram', edges: ascending(edges)}, given, NUMERIC), 'int', edges.length + 1, i => i),
    share: (condition: Expression<boolean | null>) => scalar(measure({name: 'mean'}, condition), 'number'),
    decayedSum: decayed('decayedSum'),
    decayedMean: decayed('decayedMean'),
    sinceLast: () => scalar(measure({name: 'sinceLast'}, null), 'number'),
    ratio: (of: Part, to: Part) => {
      const [numerator, divisor] = [of.outputs[0]!, to.outputs[0]!];
      if (numerator.divisor || divisor.divisor)
        throw invalid(
          'A ratio of a ratio is not possible.',
          'Divide features by each other in the feature set: derive.',
        );
      const {aggregation, input, inputType, where} = divisor;
      return aggregate<Scalar<number | null>>([
        {...numerator, type: 'number', default: null, divisor: {aggregation, input, inputType, where}},
      ]);
    },
  };
  return all as unknown as Aggregates<S>;
}
