// The builder of expressions: what people write in definitions.
import {MillraceError, type Row, type Schema, type Type, type TypeName, t, type Value} from '../../protocol/index.ts';
import {callType, type Typed} from './call-type.ts';
import {TIME_UNITS} from './functions/time.ts';
import type {FunctionName} from './functions.ts';
import {knownNames} from './known-names.ts';
import type {Node} from './node.ts';

type Num = number | null;
type Text = string | null;
type Bool = boolean | null;
type Time = Date | null;
type Comparable = number | string | Date;
/** An expression, or a value written out. */
export type Operand<V> = Expression<V> | V;

/** What an expression over `A` yields: null passes through. */
type Through<A, R> = null extends A ? R | null : R;

export type TimeUnit = keyof typeof TIME_UNITS;

/**
 * Builds expression data with the types of TypeScript: `p.delay.gt(15)`. Methods that do not fit the type
 * of the value do not compile, and throw DEFINITION_INVALID where nobody compiles. A null gives null, unless
 * said otherwise; so do x / 0, overflow, and what has no real value. Only `node` is kept in definitions.
 */
export class Expression<V> {
  readonly node: Node;
  readonly type: TypeName;
  /** Phantom: carries the TypeScript type and is never set. */
  declare readonly value?: V;

  constructor(node: Node, type: TypeName) {
    this.node = Object.freeze(node);
    this.type = type;
  }

  plus(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('plus', this, other);
  }
  minus(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('minus', this, other);
  }
  times(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('times', this, other);
  }
  /** Division; x / 0 is null. */
  over(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('over', this, other);
  }
  /** What division leaves, with the sign of the divisor: -1 modulo 24 is 23. x modulo 0 is null. */
  modulo(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('modulo', this, other);
  }
  /** Null where it is no real number, such as (-8)^0.5. */
  power(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('power', this, other);
  }
  negate(this: Expression<Num>): Expression<Num> {
    return call('negate', this);
  }
  absolute(this: Expression<Num>): Expression<Num> {
    return call('absolute', this);
  }
  /** -1, 0 or 1. */
  sign(this: Expression<Num>): Expression<Num> {
    return call('sign', this);
  }
  floor(this: Expression<Num>): Expression<Num> {
    return call('floor', this);
  }
  ceil(this: Expression<Num>): Expression<Num> {
    return call('ceil', this);
  }
  /** To the nearest whole number, halves away from zero. */
  round(this: Expression<Num>): Expression<Num> {
    return call('round', this);
  }
  /** Null below 0. */
  sqrt(this: Expression<Num>): Expression<Num> {
    return call('sqrt', this);
  }
  exp(this: Expression<Num>): Expression<Num> {
    return call('exp', this);
  }
  /** Natural logarithm; null at 0 and below. */
  log(this: Expression<Num>): Expression<Num> {
    return call('log', this);
  }
  /** Natural logarithm of 1 + x; null at -1 and below. */
  log1p(this: Expression<Num>): Expression<Num> {
    return call('log1p', this);
  }
  /** Of radians. */
  sin(this: Expression<Num>): Expression<Num> {
    return call('sin', this);
  }
  /** Of radians. */
  cos(this: Expression<Num>): Expression<Num> {
    return call('cos', this);
  }
  /** The larger of both. */
  atLeast(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('larger', this, other);
  }
  /** The smaller of both. */
  atMost(this: Expression<Num>, other: Operand<Num>): Expression<Num> {
    return call('smaller', this, other);
  }
  /** Not below `low` and not above `high`. */
  clamp(this: Expression<Num>, low: Operand<Num>, high: Operand<Num>): Expression<Num> {
    return this.atLeast(low).atMost(high);
  }
  /** Place among ascending edges: 0 below the first, i from edge i - 1 on, n from the last on. */
  bucket(this: Expression<Num>, edges: readonly number[]): Expression<Num> {
    if (edges.length === 0 || edges.some((edge, i) => i > 0 && !(edge > edges[i - 1]!)))
      throw invalid(
        `The edges [${edges.join(', ')}] of a bucket do not ascend.`,
        'Give one number or more, each above the one before.',
      );
    return call('bucket', this, ...edges);
  }
  /** Digits of a whole number of at most 2^53 - 1, null of any other. */
  asText(this: Expression<Num>): Expression<Text> {
    return call('asText', this);
  }
  /** 1 of true, 0 of false. */
  asNumber<A extends Bool>(this: Expression<A>): Expression<Through<A, number>> {
    return call('asNumber', this);
  }
  eq(other: Operand<NonNullable<V>>): Expression<Through<V, boolean>>;
  eq(other: Operand<NonNullable<V> | null>): Expression<Bool>;
  eq(other: unknown): Expression<boolean> {
    return call('eq', this, other);
  }
  ne(other: Operand<NonNullable<V>>): Expression<Through<V, boolean>>;
  ne(other: Operand<NonNullable<V> | null>): Expression<Bool>;
  ne(other: unknown): Expression<boolean> {
    return call('ne', this, other);
  }
  /** Numbers by size, times by age, strings by their UTF-8 bytes. */
  lt<A extends Comparable | null>(this: Expression<A>, other: Operand<A>): Expression<Through<A, boolean>> {
    return call('lt', this, other);
  }
  le<A extends Comparable | null>(this: Expression<A>, other: Operand<A>): Expression<Through<A, boolean>> {
    return call('le', this, other);
  }
  gt<A extends Comparable | null>(this: Expression<A>, other: Operand<A>): Expression<Through<A, boolean>> {
    return call('gt', this, other);
  }
  ge<A extends Comparable | null>(this: Expression<A>, other: Operand<A>): Expression<Through<A, boolean>> {
    return call('ge', this, other);
  }
  /** Both ends included. */
  between<A extends Comparable>(
    this: Expression<A | null>,
    low: Operand<NoInfer<A> | null>,
    high: Operand<NoInfer<A> | null>,
  ): Expression<Bool> {
    return call('between', this, low, high);
  }
  /** Whether the value is one of a list. */
  isIn(list: readonly NonNullable<V>[]): Expression<Through<V, boolean>> {
    if (list.length === 0 || list.some(value => value === null || value instanceof Expression))
      throw invalid('isIn() takes a list of values.', 'Give one or more, none of them null or an expression.');
    return call('isIn', this, ...list);
  }
  /** False if either is false; else null if either is null. */
  and(this: Expression<Bool>, other: Operand<Bool>): Expression<Bool> {
    return call('and', this, other);
  }
  /** True if either is true; else null if either is null. */
  or(this: Expression<Bool>, other: Operand<Bool>): Expression<Bool> {
    return call('or', this, other);
  }
  not(this: Expression<Bool>): Expression<Bool> {
    return call('not', this);
  }
  isNull(): Expression<boolean> {
    return call('isNull', this);
  }
  /** This value, or the other where this is null. */
  orElse(other: Operand<NonNullable<V>>): Expression<NonNullable<V>>;
  orElse(other: Operand<NonNullable<V> | null>): Expression<V | null>;
  orElse(other: unknown): Expression<NonNullable<V>> {
    return call('coalesce', this, other);
  }
  /** Null where this equals the other: `delay.nullIf(-999)`. */
  nullIf(other: Operand<NonNullable<V> | null>): Expression<V | null> {
    return call('nullIf', this, other);
  }
  /** Character by character: ß stays, Σ is σ wherever it stands. */
  lower(this: Expression<Text>): Expression<Text> {
    return call('lower', this);
  }
  /** Character by character. */
  upper(this: Expression<Text>): Expression<Text> {
    return call('upper', this);
  }
  /** Without white space (that of Unicode) at its ends. */
  trim(this: Expression<Text>): Expression<Text> {
    return call('trim', this);
  }
  /** Lower case, no white space at the ends, one space for each run of it. Accents and other forms of Unicode stay. */
  normalise(this: Expression<Text>): Expression<Text> {
    return call('normalise', this);
  }
  /** Number of code points. */
  length(this: Expression<Text>): Expression<Num> {
    return call('length', this);
  }
  contains(this: Expression<Text>, other: Operand<Text>): Expression<Bool> {
    return call('contains', this, other);
  }
  startsWith(this: Expression<Text>, other: Operand<Text>): Expression<Bool> {
    return call('startsWith', this, other);
  }
  endsWith(this: Expression<Text>, other: Operand<Text>): Expression<Bool> {
    return call('endsWith', this, other);
  }
  /** `count` code points from `from` on; the first is 0. */
  substring(this: Expression<Text>, from: number, count: number): Expression<Text> {
    return call('substring', this, wholeNumber('from', from, 0, 2 ** 30), wholeNumber('count', count, 0, 2 ** 30));
  }
  /** Every `what` (a string, no pattern) replaced. */
  replace(this: Expression<Text>, what: Operand<Text>, by: Operand<Text>): Expression<Text> {
    return call('replace', this, what, by);
  }
  /** Whether a regular expression is found anywhere. What it may hold is what all engines read alike: `regex.ts`. */
  matches(this: Expression<Text>, pattern: string): Expression<Bool> {
    return call('matches', this, pattern);
  }
  /** What the pattern's group matched, or all of it if it has none; null if it is not found. */
  extract(this: Expression<Text>, pattern: string): Expression<Text> {
    return call('extract', this, pattern);
  }
  /** Runs of characters other than white space and ASCII punctuation. */
  wordCount(this: Expression<Text>): Expression<Num> {
    return call('wordCount', this);
  }
  /** The cross with other strings, as a string. Hash it for a number: `a.cross(b).hash(1024)`. */
  cross(this: Expression<Text>, ...others: [Operand<Text>, ...Operand<Text>[]]): Expression<Text> {
    return call('concat', this, ...others);
  }
  /** A number of 0 to `buckets - 1` for a string (MD5). Each seed, up to 2^32, is another hash. */
  hash(this: Expression<Text>, buckets: number, seed = 0): Expression<Num> {
    return call('hash', this, wholeNumber('buckets', buckets, 1, 2 ** 24), wholeNumber('seed', seed, 0, 2 ** 32));
  }
  /** Hour of the day (0 to 23) on the clocks of a zone of the tz database. */
  hour(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('hour', this, zone);
  }
  /** Minute of the hour, 0 to 59. */
  minute(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('minute', this, zone);
  }
  /** ISO day of the week, Monday 1 to Sunday 7, in a zone of the tz database. */
  weekday(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('weekday', this, zone);
  }
  /** 1 to 31. */
  dayOfMonth(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('dayOfMonth', this, zone);
  }
  /** 1 to 366. */
  dayOfYear(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('dayOfYear', this, zone);
  }
  /** ISO week, 1 to 53. */
  week(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('week', this, zone);
  }
  /** 1 to 12. */
  month(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('month', this, zone);
  }
  year(this: Expression<Time>, zone: Operand<Text>): Expression<Num> {
    return call('year', this, zone);
  }
  /** Saturday or Sunday. */
  isWeekend(this: Expression<Time>, zone: Operand<Text>): Expression<Bool> {
    return this.weekday(zone).ge(6);
  }
  /**
   * The instant at which the zone's clocks show the start of the day, ISO week, month or year. If they show it
   * twice, the first; if they skip it, when it would have come.
   */
  startOf<A extends Time>(
    this: Expression<A>,
    unit: 'day' | 'week' | 'month' | 'year',
    zone: Operand<Text>,
  ): Expression<A> {
    const fn = ({day: 'startOfDay', week: 'startOfWeek', month: 'startOfMonth', year: 'startOfYear'} as const)[unit];
    if (fn === undefined) throw invalid(`'${unit}' has no start.`, 'Use day, week, month or year.');
    return call(fn, this, zone);
  }
  /** Time from the other to this, negative if this is the earlier. Days are of 24 hours. */
  since(this: Expression<Time>, other: Operand<Time>, unit: TimeUnit = 'milliseconds'): Expression<Num> {
    return call('since', this, other, millisecondsOf(unit));
  }
  /** Time from this to the other, negative if this is the later. */
  until(this: Expression<Time>, other: Operand<Time>, unit: TimeUnit = 'milliseconds'): Expression<Num> {
    return call('since', other, this, millisecondsOf(unit));
  }
}

const invalid = (message: string, fix: string) => new MillraceError('DEFINITION_INVALID', message, {fix});

/** Throws DEFINITION_INVALID unless `value` is a whole number within the bounds. */
export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(`'${name}' is ${value}.`, `Use a whole number from ${least} to ${most}.`);
  return value;
}

function millisecondsOf(unit: TimeUnit): number {
  if (!Object.hasOwn(TIME_UNITS, unit))
    throw invalid(`'${unit}' is no unit of time.`, `Use ${Object.keys(TIME_UNITS).join(', ')}.`);
  return TIME_UNITS[unit];
}

/** An operand with its type: an expression's own, or that of a value written out. */
function typed(operand: unknown): Typed {
  if (operand instanceof Expression) return operand;
  const value = operand instanceof Date ? operand.getTime() : operand;
  const type = operand instanceof Date ? 'time' : LITERAL_TYPES[typeof value];
  if (
    value !== null &&
    (type === undefined || Number.isNaN(value) || Math.abs(Number(type === 'string' ? 0 : value)) === Infinity)
  )
    throw invalid(
      `${String(operand)} is no value of an expression.`,
      'Use a finite number, a string, a boolean, a Date or null.',
    );
  // JSON has no -0.
  const node: Node = {op: 'literal', value: value === 0 ? 0 : (value as Value)};
  return {node: Object.freeze(node), type: type ?? null};
}

const LITERAL_TYPES: Readonly<Record<string, TypeName>> = {number: 'number', string: 'string', boolean: 'bool'};

/** A call as an expression of the function's type. Throws DEFINITION_INVALID if an operand does not fit. */
export function call<R>(fn: FunctionName, ...operands: readonly unknown[]): Expression<R> {
  const args = operands.map(typed);
  const type = callType(fn, args);
  return new Expression<R>({op: 'call', fn, args: Object.freeze(args.map(({node}) => node))}, type);
}

/** The type of a value written out: a 1 is a number. */
export type Widened<V> = V extends number ? number : V extends string ? string : V extends boolean ? boolean : V;

/** `then` where the condition is true, else `otherwise` (also where the condition is null). */
export function choose<V>(
  when: Expression<boolean | null>,
  then: Operand<V>,
  otherwise: Operand<V>,
): Expression<Widened<V>> {
  return call('choose', when, then, otherwise);
}

export {knownNames};

export type ColumnExpressions<S extends Schema> = {readonly [K in keyof S]: Expression<Row<S>[K]>};

/** One expression per column of a schema. Asking for another throws NAME_UNKNOWN. */
export function columnExpressions<S extends Schema>(schema: S): ColumnExpressions<S> {
  const entries = Object.entries(schema).map(([name, {type}]) => [
    name,
    new Expression({op: 'column', name, type}, type),
  ]);
  return knownNames(Object.freeze(Object.fromEntries(entries)) as ColumnExpressions<S>);
}

/** The query time: when the decision is made. */
export const QUERY_TIME = '_at';
export const queryTime: Expression<Date> = columnExpressions({[QUERY_TIME]: t.time as Type<Date>})[QUERY_TIME]!;
