// Checks compiled for one source: the schema's own (nulls, types, empty ids) and the declared ones, each a
// loop over one column that is chosen once. A rule marks rows by its code, so that a batch without faults
// costs one pass per column and allocates nothing.
import {type ColumnData, type Type, type TypeName, type Value, valueAt} from '../../protocol/index.ts';
import type {Source} from '../source.ts';
import {type Check, fullMatch} from './check.ts';

/** The largest number of milliseconds that a Date can hold. */
export const MAX_TIME_MS = 8.64e15;

export type Rule = {
  /** Name under which it is counted. */
  readonly check: string;
  readonly action: 'reject' | 'warn';
  readonly column: string;
  readonly type: TypeName;
  /** What to tell the sender about a value that breaks it. */
  readonly message: (value: Value) => string;
  /** Writes `code` at every row of [0, count) that breaks the rule and has no code yet; true if there was one. */
  readonly mark: (data: ColumnData, count: number, codes: Uint16Array, code: number) => boolean;
};

/** All rules of a source: those of the schema first, in the order of its columns. */
export function compileRules(source: Source): Rule[] {
  const rules = Object.entries(source.schema).flatMap(([column, type]) => schemaRules(column, type));
  rules.push(notEmpty(source.id));
  return [...rules, ...source.checks.map(check => declaredRule(check, source.schema[check.column]!.type))];
}

/** A value as an error shows it: short, quoted when it is text. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

/** A cell as JSON can hold it without loss: what JSON has no number for becomes text. */
export function cellValue(data: ColumnData, type: TypeName, i: number): Value {
  const raw = data[i];
  if (typeof raw !== 'number' || Number.isNaN(raw)) return valueAt(data, type, i);
  if (!Number.isFinite(raw)) return String(raw);
  if (type === 'bool') return raw === 0 || raw === 1 ? raw === 1 : raw;
  return type === 'time' && !isTime(raw) ? raw : valueAt(data, type, i);
}

const isTime = (v: number) => Number.isInteger(v) && Math.abs(v) <= MAX_TIME_MS;

/** Which numbers no value of the type can be; text columns can hold any text. */
const INVALID: Record<TypeName, ((v: number) => boolean) | null> = {
  string: null,
  number: v => v === Number.POSITIVE_INFINITY || v === Number.NEGATIVE_INFINITY,
  int: v => !Number.isNaN(v) && !Number.isSafeInteger(v),
  bool: v => !Number.isNaN(v) && v !== 0 && v !== 1,
  time: v => !Number.isNaN(v) && !isTime(v),
};

function schemaRules(column: string, {type, nullable}: Type<unknown>): Rule[] {
  const rules: Rule[] = [];
  if (!nullable)
    rules.push({
      check: 'null',
      action: 'reject',
      column,
      type,
      message: () => `${column} is null, and the schema says it never is.`,
      mark: type === 'string' ? markText(v => v === null) : markNumbers(Number.isNaN),
    });
  const invalid = INVALID[type];
  if (invalid !== null)
    rules.push({
      check: 'type',
      action: 'reject',
      column,
      type,
      message: value => `${column} must be ${TYPE_IN_WORDS[type]}; got ${show(value)}.`,
      mark: markNumbers(invalid),
    });
  return rules;
}

/** What each type allows, in words. */
export const TYPE_IN_WORDS: Record<TypeName, string> = {
  string: 'a string',
  number: 'a finite number',
  int: 'an integer of at most 2^53 - 1',
  bool: 'true or false',
  time: 'a time: ISO 8601 with a zone (2024-05-01T12:00:00Z) or epoch milliseconds',
};

/** An id that is empty would make all such events one. */
function notEmpty(column: string): Rule {
  return {
    check: 'id',
    action: 'reject',
    column,
    type: 'string',
    message: () => `${column} is the event's id and must not be empty.`,
    mark: markText(v => v === ''),
  };
}

function declaredRule({column, action, name, rule}: Check, type: TypeName): Rule {
  const message = (value: Value) => `${name}; got ${show(value)}.`;
  switch (rule.kind) {
    case 'range': {
      const min = rule.min ?? Number.NEGATIVE_INFINITY;
      const max = rule.max ?? Number.POSITIVE_INFINITY;
      return {check: name, action, column, type, message, mark: markNumbers(v => v < min || v > max)};
    }
    case 'set': {
      const allowed = new Set<string | null>(rule.values).add(null);
      return {check: name, action, column, type, message, mark: markText(v => !allowed.has(v))};
    }
    case 'pattern': {
      const pattern = fullMatch(rule.pattern);
      return {check: name, action, column, type, message, mark: markText(v => v !== null && !pattern.test(v))};
    }
  }
}

type Mark = Rule['mark'];

/** Null text passes every rule but the null rule; so does NaN, the null of numbers. */
function markText(broken: (v: string | null) => boolean): Mark {
  return (data, count, codes, code) => {
    const texts = data as readonly (string | null)[];
    let found = false;
    for (let i = 0; i < count; i++)
      if (broken(texts[i] ?? null) && codes[i] === 0) {
        codes[i] = code;
        found = true;
      }
    return found;
  };
}

function markNumbers(broken: (v: number) => boolean): Mark {
  return (data, count, codes, code) => {
    const numbers = data as Float64Array;
    let found = false;
    for (let i = 0; i < count; i++)
      if (broken(numbers[i]!) && codes[i] === 0) {
        codes[i] = code;
        found = true;
      }
    return found;
  };
}
