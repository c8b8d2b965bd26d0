import {type Duration, durationMs, type Schema, type TypeName} from '../../protocol/index.ts';
import type {AggregationSpec} from '../aggregations/table.ts';
import {columnExpressions, Expression} from '../expressions/expression.ts';
import {knownNames} from '../expressions/known-names.ts';
import type {Node} from '../expressions/node.ts';
import {printExpression} from '../expressions/print.ts';
import {aggregate, invalidAggregate, type Measure, type Scalar, type Windowed} from './aggregate.ts';
import type {Aggregates} from './aggregates.ts';

type Part = Windowed<Scalar<number | null>, never>;

function wholeK(k: number): number {
  if (Number.isInteger(k) && k >= 1 && k <= 1_000) return k;
  throw invalidAggregate(`${k} answers cannot be asked for: k is ${k}.`, 'Use a whole number from 1 to 1000.');
}

function share(name: string, p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw invalidAggregate(`A ${name} of ${p} is not possible.`, 'Use a number from 0 to 1: 0.5 is the median.');
}

function ascending(edges: readonly number[]): readonly number[] {
  if (
    edges.length > 0 &&
    edges.length <= 1_000 &&
    edges.every((e, i) => Number.isFinite(e) && (i === 0 || e > edges[i - 1]!))
  )
    return Object.freeze([...edges]);
  throw invalidAggregate(
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
  const inputOf = (given: Given): Expression<unknown> => {
    if (given instanceof Expression) return given;
    const size = Object.hasOwn(vectors, given) ? vectors[given]! : 0;
    if (size === 0) return col[given]!;
    throw invalidAggregate(
      `'${given}' is a vector of ${size} numbers.`,
      `Take its mean, sum, max, min, variance or standardDeviation, or one of its elements: '${given}_0' to '${given}_${size - 1}'.`,
    );
  };
  const condition = (name: string, given: Expression<boolean | null>): Expression<boolean | null> => {
    if (given instanceof Expression && given.type === 'bool') return given;
    throw invalidAggregate(
      `${name} takes a condition; ${given instanceof Expression ? `${printExpression(given.node)} is a ${given.type}` : `${JSON.stringify(given)} is none`}.`,
      'Compare something: a.col.delay.gt(15).',
    );
  };
  const measure = (aggregation: AggregationSpec, given: Given | null, allowed?: readonly TypeName[]): Measure => {
    const input = given === null ? null : inputOf(given);
    if (input && allowed && !allowed.includes(input.type))
      throw invalidAggregate(
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
      const {type} = inputOf(given);
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
  const typeOf = (given: Given): TypeName => inputOf(given).type;
  const extreme = (name: 'min' | 'max') => (given: Given) =>
    typeof given === 'string' && vectors[given] !== undefined
      ? numeric(() => ({name}))(given)
      : scalar(measure({name}, given, NUMERIC_OR_TIME), typeOf(given));
  const decayed = (name: 'decayedSum' | 'decayedMean') => (given: Given, halfLife: Duration) =>
    scalar(measure({name, halfLifeMs: durationMs(halfLife)}, given, NUMERIC), 'number');
  const all = {
    col,
    where: (given: Expression<boolean | null>) => {
      const {node} = condition('where()', given);
      return aggregatesOf(schema, vectors, filter === null ? node : {op: 'call', fn: 'and', args: [filter, node]});
    },
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
        throw invalidAggregate(
          `An accuracy of ${accuracy} is not possible.`,
          'Use a number between 0 and 1, such as 0.01.',
        );
      return scalar(measure({name: 'quantileSketch', p: share('quantile', p), accuracy}, given, NUMERIC), 'number');
    },
    topK: (given: Given, k: number) =>
      ranked(measure({name: 'top', k: wholeK(k)}, given), typeOf(given), k, i => 2 * i),
    topKCounts: (given: Given, k: number) =>
      ranked(measure({name: 'top', k: wholeK(k)}, given), 'int', k, i => 2 * i + 1),
    histogram: (given: Given, edges: readonly number[]) =>
      ranked(measure({name: 'histogram', edges: ascending(edges)}, given, NUMERIC), 'int', edges.length + 1, i => i),
    share: (given: Expression<boolean | null>) =>
      scalar(measure({name: 'mean'}, condition('share()', given)), 'number'),
    decayedSum: decayed('decayedSum'),
    decayedMean: decayed('decayedMean'),
    sinceLast: () => scalar(measure({name: 'sinceLast'}, null), 'number'),
    ratio: (of: Part, to: Part) => {
      const [numerator, divisor] = [of.outputs[0]!, to.outputs[0]!];
      if (numerator.divisor || divisor.divisor)
        throw invalidAggregate(
          'A ratio of a ratio is not possible.',
          'Divide features by each other in the feature set: derive.',
        );
      if (numerator.default !== null || divisor.default !== null)
        throw invalidAggregate(
          'A default of a part of a ratio would be lost.',
          'Give it to the ratio: a.ratio(…).orElse(0).',
        );
      const {aggregation, input, inputType, where} = divisor;
      return aggregate<Scalar<number | null>>([
        {...numerator, type: 'number', default: null, divisor: {aggregation, input, inputType, where}},
      ]);
    },
  };
  return knownNames(all, 'aggregation') as unknown as Aggregates<S>;
}
