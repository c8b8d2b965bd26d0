// Comparison, conditions and nulls. Truth has three values, as in SQL: null is "not known".
import type {Value} from '../../../protocol/index.ts';
import {type FunctionSpec, infixText} from './function-spec.ts';
import {textBefore} from './text-order.ts';

const COMPARISON = {takes: ['ordered', 'ordered'], alike: 'all', result: 'bool', infix: true} as const;
const EQUALITY = {takes: ['any', 'any'], alike: 'all', result: 'bool', infix: true} as const;
const LOGIC = {takes: ['bool', 'bool'], result: 'bool', nulls: true, infix: true} as const;

type Ordered = number | string;

const and = (a: Value, b: Value): Value =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const or = (a: Value, b: Value): Value => (a === true || b === true ? true : a === null || b === null ? null : false);
const before = (a: Ordered, b: Ordered): boolean =>
  typeof a === 'string' ? textBefore(a, b as string) : a < (b as number);
const atMost = (a: Ordered, b: Ordered): boolean =>
  typeof a === 'string' ? !textBefore(b as string, a) : a <= (b as number);

export const LOGICAL = {
  eq: {
    ...EQUALITY,
    js: (a: Value, b: Value) => a === b,
    prepare: (b: Value) => (a: Value) => a === b,
    sql: infixText('='),
    text: infixText('='),
  },
  ne: {
    ...EQUALITY,
    js: (a: Value, b: Value) => a !== b,
    prepare: (b: Value) => (a: Value) => a !== b,
    sql: infixText('<>'),
    text: infixText('≠'),
  },
  lt: {
    ...COMPARISON,
    js: before,
    prepare: (b: Ordered) => (typeof b === 'number' ? (a: number) => a < b : (a: string) => textBefore(a, b)),
    sql: infixText('<'),
    text: infixText('<'),
  },
  le: {
    ...COMPARISON,
    js: atMost,
    prepare: (b: Ordered) => (typeof b === 'number' ? (a: number) => a <= b : (a: string) => !textBefore(b, a)),
    sql: infixText('<='),
    text: infixText('≤'),
  },
  gt: {
    ...COMPARISON,
    js: (a: Ordered, b: Ordered) => before(b, a),
    prepare: (b: Ordered) => (typeof b === 'number' ? (a: number) => a > b : (a: string) => textBefore(b, a)),
    sql: infixText('>'),
    text: infixText('>'),
  },
  ge: {
    ...COMPARISON,
    js: (a: Ordered, b: Ordered) => atMost(b, a),
    prepare: (b: Ordered) => (typeof b === 'number' ? (a: number) => a >= b : (a: string) => !textBefore(a, b)),
    sql: infixText('>='),
    text: infixText('≥'),
  },
  /** Both ends included. A null end leaves open what the other end does not decide. */
  between: {
    takes: ['ordered', 'ordered', 'ordered'],
    alike: 'all',
    result: 'bool',
    nulls: true,
    js: (x: Value, low: Value, high: Value) =>
      x === null
        ? null
        : and(
            low === null ? null : atMost(low as Ordered, x as Ordered),
            high === null ? null : atMost(x as Ordered, high as Ordered),
          ),
    sql: (x, low, high) => `(${x} BETWEEN ${low} AND ${high})`,
    text: (x, low, high) => `(${x} between ${low} and ${high})`,
    infix: true,
  },
  isIn: {
    takes: ['any', 'any'],
    rest: true,
    alike: 'all',
    result: 'bool',
    js: (x: Value, ...list: Value[]) => list.includes(x),
    prepare: (...list: Value[]) => {
      const set = new Set(list);
      return (x: Value) => set.has(x);
    },
    sql: (x, ...list) => `(${x} IN (${list.join(', ')}))`,
    text: (x, ...list) => `(${x} in [${list.join(', ')}])`,
    infix: true,
  },
  and: {...LOGIC, js: and, sql: infixText('AND'), text: infixText('and')},
  or: {...LOGIC, js: or, sql: infixText('OR'), text: infixText('or')},
  not: {takes: ['bool'], result: 'bool', js: (a: boolean) => !a, sql: a => `(NOT ${a})`, text: a => `not ${a}`},
  isNull: {
    takes: ['any'],
    result: 'bool',
    nulls: true,
    js: (a: Value) => a === null,
    sql: a => `(${a} IS NULL)`,
    text: a => `${a} is null`,
  },
  coalesce: {
    takes: ['any', 'any'],
    rest: true,
    alike: 'all',
    result: 'alike',
    nulls: true,
    js: (...values: Value[]) => values.find(value => value !== null) ?? null,
    sql: (...values) => `coalesce(${values.join(', ')})`,
    text: (...values) => values.join(' else '),
  },
  nullIf: {
    takes: ['any', 'any'],
    alike: 'all',
    result: 'alike',
    nulls: true,
    js: (a: Value, b: Value) => (a === b ? null : a),
    sql: (a, b) => `nullif(${a}, ${b})`,
    text: (a, b) => `${a} unless ${b}`,
  },
  choose: {
    takes: ['bool', 'any', 'any'],
    alike: [1, 2],
    result: 'alike',
    nulls: true,
    js: (when: Value, then: Value, otherwise: Value) => (when === true ? then : otherwise),
    sql: (when, then, otherwise) => `(CASE WHEN ${when} THEN ${then} ELSE ${otherwise} END)`,
    text: (when, then, otherwise) => `if ${when} then ${then} else ${otherwise}`,
  },
  /** True is 1, false 0. */
  asNumber: {
    takes: ['bool'],
    result: 'int',
    js: (a: boolean) => (a ? 1 : 0),
    sql: a => `CAST(CAST(${a} AS INT) AS DOUBLE)`,
    text: a => `${a} as a number`,
  },
} as const satisfies Record<string, FunctionSpec>;
