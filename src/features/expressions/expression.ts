import {
  MillraceError,
  nearest,
  type Row,
  type Schema,
  type Type,
  type TypeName,
  t,
  type Value,
} from '../../protocol/index.ts';
import {FUNCTIONS, type FunctionName} from './functions.ts';
import type {Node} from './node.ts';

type Number = number | null;
type Comparable = number | Date;
type Operand<V> = Expression<V> | V;

/** What an expression over `A` yields: null passes through. */
type Through<A, R> = null extends A ? R | null : R;

/**
 * Builds expression data with the types of TypeScript: `p.delay.gt(15)`. Methods that do not fit the type
 * of the value do not compile. Only `node` is kept in definitions.
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

  plus(this: Expression<Number>, other: Operand<Number>): Expression<Number> {
    return call('plus', this, other);
  }
  minus(this: Expression<Number>, other: Operand<Number>): Expression<Number> {
    return call('minus', this, other);
  }
  times(this: Expression<Number>, other: Operand<Number>): Expression<Number> {
    return call('times', this, other);
  }
  /** Division; x / 0 is null. */
  over(this: Expression<Number>, other: Operand<Number>): Expression<Number> {
    return call('over', this, other);
  }
  absolute(this: Expression<Number>): Expression<Number> {
    return call('absolute', this);
  }
  floor(this: Expression<Number>): Expression<Number> {
    return call('floor', this);
  }
  /** Natural logarithm of 1 + x; null at -1 and below. */
  log1p(this: Expression<Number>): Expression<Number> {
    return call('log1p', this);
  }
  sin(this: Expression<Number>): Expression<Number> {
    return call('sin', this);
  }
  cos(this: Expression<Number>): Expression<Number> {
    return call('cos', this);
  }
  eq(other: Operand<NonNullable<V>>): Expression<Through<V, boolean>> {
    return call('eq', this, other);
  }
  ne(other: Operand<NonNullable<V>>): Expression<Through<V, boolean>> {
    return call('ne', this, other);
  }
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
  and(this: Expression<boolean | null>, other: Operand<boolean | null>): Expression<boolean | null> {
    return call('and', this, other);
  }
  or(this: Expression<boolean | null>, other: Operand<boolean | null>): Expression<boolean | null> {
    return call('or', this, other);
  }
  not(this: Expression<boolean | null>): Expression<boolean | null> {
    return call('not', this);
  }
  isNull(): Expression<boolean> {
    return call('isNull', this);
  }
  /** This value, or the other where this is null. */
  orElse(other: Operand<NonNullable<V>>): Expression<NonNullable<V>> {
    return call('coalesce', this, other);
  }
  /** The cross of two strings, as a string. */
  cross(this: Expression<string | null>, other: Operand<string | null>): Expression<string | null> {
    return call('concat', this, other);
  }
  /** Hour of the day (0 to 23) on the clocks of a zone of the tz database. */
  hour(this: Expression<Date | null>, zone: Operand<string | null>): Expression<Number> {
    return call('hour', this, zone);
  }
  /** ISO day of the week, Monday 1 to Sunday 7, in a zone of the tz database. */
  weekday(this: Expression<Date | null>, zone: Operand<string | null>): Expression<Number> {
    return call('weekday', this, zone);
  }
}

function toNode(operand: unknown): Node {
  if (operand instanceof Expression) return operand.node;
  if (operand instanceof Date) return Object.freeze({op: 'literal', value: operand.getTime()});
  return Object.freeze({op: 'literal', value: operand as Value});
}

function call<R>(fn: FunctionName, ...operands: readonly unknown[]): Expression<R> {
  const args = Object.freeze(operands.map(toNode));
  const declared = FUNCTIONS[fn].result;
  const position = declared === 'as-first' ? 0 : declared === 'as-second' ? 1 : -1;
  const operand = operands[position];
  const type = position < 0 ? (declared as TypeName) : operand instanceof Expression ? operand.type : typeOf(operand);
  return new Expression<R>({op: 'call', fn, args}, type);
}

const typeOf = (value: unknown): TypeName =>
  typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : 'number';

/** `then` where the condition is true, else `otherwise` (also where the condition is null). */
export function choose<V>(when: Expression<boolean | null>, then: Expression<V>, otherwise: Operand<V>): Expression<V> {
  return call('choose', when, then, otherwise);
}

export type ColumnExpressions<S extends Schema> = {readonly [K in keyof S]: Expression<Row<S>[K]>};

/** One expression per column of a schema. Asking for another throws NAME_UNKNOWN. */
export function columnExpressions<S extends Schema>(schema: S): ColumnExpressions<S> {
  const entries = Object.entries(schema).map(([name, {type}]) => [
    name,
    new Expression({op: 'column', name, type}, type),
  ]);
  return knownNames(Object.freeze(Object.fromEntries(entries)) as ColumnExpressions<S>);
}

/** A project file runs without a type check: a misspelt name must not become `undefined`. */
export function knownNames<T extends object>(expressions: T): T {
  return new Proxy(expressions, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      const names = Object.keys(target);
      const near = nearest(name, names);
      throw new MillraceError('NAME_UNKNOWN', `There is no '${name}' here.`, {
        fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Use one of ${names.join(', ')}.`,
      });
    },
  });
}

/** The query time: when the decision is made. */
export const QUERY_TIME = '_at';
export const queryTime: Expression<Date> = columnExpressions({[QUERY_TIME]: t.time as Type<Date>})[QUERY_TIME]!;
