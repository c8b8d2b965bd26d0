import type {TypeName, Value} from '../../protocol/index.ts';
import {hourIn, weekdayIn} from './zone.ts';

type Arguments = readonly Value[];

/** One function of the expression language, in its three forms. All agree, nulls and x / 0 included. */
type FunctionSpec = {
  readonly result: TypeName | 'as-first' | 'as-second';
  /** Called without nulls, unless `nulls` says that it wants to see them. */
  readonly js: (...args: never[]) => Value;
  readonly nulls?: true;
  readonly sql: (...args: string[]) => string;
  readonly text: (...args: string[]) => string;
};

const infix = (sign: string) => (a: string, b: string) => `(${a} ${sign} ${b})`;
const prefix =
  (name: string) =>
  (...args: string[]) =>
    `${name}(${args.join(', ')})`;
/** Inf and NaN are no values: what overflows is null, as x / 0 is. */
const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
const finiteSql = (sql: string) => `(CASE WHEN isfinite(${sql}) THEN ${sql} END)`;

const and = (a: Value, b: Value): Value =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const or = (a: Value, b: Value): Value => (a === true || b === true ? true : a === null || b === null ? null : false);

export const FUNCTIONS = {
  plus: {
    result: 'number',
    js: (a: number, b: number) => finite(a + b),
    sql: (a, b) => finiteSql(`(${a} + ${b})`),
    text: infix('+'),
  },
  minus: {
    result: 'number',
    js: (a: number, b: number) => finite(a - b),
    sql: (a, b) => finiteSql(`(${a} - ${b})`),
    text: infix('-'),
  },
  times: {
    result: 'number',
    js: (a: number, b: number) => finite(a * b),
    sql: (a, b) => finiteSql(`(${a} * ${b})`),
    text: infix('×'),
  },
  over: {
    result: 'number',
    js: (a: number, b: number) => (b === 0 ? null : finite(a / b)),
    sql: (a, b) => `(CASE WHEN ${b} <> 0 AND isfinite(${a} / ${b}) THEN ${a} / ${b} END)`,
    text: infix('÷'),
  },
  absolute: {result: 'number', js: (a: number) => Math.abs(a), sql: prefix('abs'), text: prefix('abs')},
  floor: {result: 'number', js: (a: number) => Math.floor(a), sql: prefix('floor'), text: prefix('floor')},
  log1p: {
    result: 'number',
    js: (a: number) => (a <= -1 ? null : Math.log1p(a)),
    sql: a => `(CASE WHEN ${a} > -1 THEN ln(1 + ${a}) END)`,
    text: prefix('log1p'),
  },
  sin: {result: 'number', js: (a: number) => Math.sin(a), sql: prefix('sin'), text: prefix('sin')},
  cos: {result: 'number', js: (a: number) => Math.cos(a), sql: prefix('cos'), text: prefix('cos')},
  eq: {result: 'bool', js: (a: Value, b: Value) => a === b, sql: infix('='), text: infix('=')},
  ne: {result: 'bool', js: (a: Value, b: Value) => a !== b, sql: infix('<>'), text: infix('≠')},
  lt: {result: 'bool', js: (a: number, b: number) => a < b, sql: infix('<'), text: infix('<')},
  le: {result: 'bool', js: (a: number, b: number) => a <= b, sql: infix('<='), text: infix('≤')},
  gt: {result: 'bool', js: (a: number, b: number) => a > b, sql: infix('>'), text: infix('>')},
  ge: {result: 'bool', js: (a: number, b: number) => a >= b, sql: infix('>='), text: infix('≥')},
  and: {result: 'bool', nulls: true, js: and, sql: infix('AND'), text: infix('and')},
  or: {result: 'bool', nulls: true, js: or, sql: infix('OR'), text: infix('or')},
  not: {result: 'bool', js: (a: boolean) => !a, sql: a => `(NOT ${a})`, text: a => `not ${a}`},
  isNull: {
    result: 'bool',
    nulls: true,
    js: (a: Value) => a === null,
    sql: a => `(${a} IS NULL)`,
    text: a => `${a} is null`,
  },
  coalesce: {
    result: 'as-first',
    nulls: true,
    js: (a: Value, b: Value) => a ?? b,
    sql: prefix('coalesce'),
    text: (a, b) => `${a} else ${b}`,
  },
  choose: {
    result: 'as-second',
    nulls: true,
    js: (when: Value, then: Value, otherwise: Value) => (when === true ? then : otherwise),
    sql: (when, then, otherwise) => `(CASE WHEN ${when} THEN ${then} ELSE ${otherwise} END)`,
    text: (when, then, otherwise) => `if ${when} then ${then} else ${otherwise}`,
  },
  concat: {
    result: 'string',
    js: (a: string, b: string) => `${a}×${b}`,
    sql: (a, b) => `(${a} || '×' || ${b})`,
    text: infix('×'),
  },
  hour: {
    result: 'int',
    js: (at: number, zone: string) => hourIn(at, zone),
    sql: (at, zone) => `CAST(hour(timezone(${zone}, to_timestamp(${at} / 1000.0))) AS DOUBLE)`,
    text: (at, zone) => `hour of ${at} in ${zone}`,
  },
  weekday: {
    result: 'int',
    js: (at: number, zone: string) => weekdayIn(at, zone),
    sql: (at, zone) => `CAST(isodow(timezone(${zone}, to_timestamp(${at} / 1000.0))) AS DOUBLE)`,
    text: (at, zone) => `weekday of ${at} in ${zone}`,
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof FUNCTIONS;

/** The table with its entries widened, for code that treats all functions alike. */
export function functionSpec(
  name: FunctionName,
): FunctionSpec & {readonly js: (...args: Arguments[number][]) => Value} {
  return FUNCTIONS[name] as never;
}
