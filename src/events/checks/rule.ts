// Checks of one row compiled for a source: the schema's own (nulls, types, empty ids) and the declared ones, each a
// loop over one column that is chosen once. A rule marks rows by its code, so that a batch without faults
// costs one pass per column and allocates nothing.
import {
  type CheckAction,
  type ColumnData,
  type Columns,
  type Type,
  type TypeName,
  type Value,
  valueAt,
} from '../../protocol/index.ts';
import {type DoorColumn, doorColumns} from '../schema/vectors.ts';
import type {Source} from '../source.ts';
import {type Check, fullMatch} from './check.ts';

/** The largest number of milliseconds that a Date can hold. */
export const MAX_TIME_MS = 8.64e15;

export type Rule = {
  /** Name under which it is counted. */
  readonly check: string;
  readonly action: CheckAction;
  readonly column: string;
  /** What to tell the sender of row `i`, which breaks it. */
  readonly reason: (batch: Columns, i: number) => {readonly message: string; readonly example: string};
  /** Writes `code` at every row that breaks the rule and has no code yet; true if there was one. */
  readonly mark: (batch: Columns, codes: Uint16Array, code: number) => boolean;
};

/** All rules of a source about one row: those of the schema first, in the order of its columns. */
export function compileRules(source: Source): Rule[] {
  const rules = doorColumns(source).flatMap(column =>
    column.size === null ? schemaRules(column.name, column.type) : vectorRule(column),
  );
  rules.push(notEmpty(source.id));
  for (const check of source.checks) {
    const [column] = check.columns;
    const rule = column === undefined ? null : declaredRule(check, column, source.schema[column]!.type);
    if (rule) rules.push(rule);
  }
  return rules;
}

/** A value as an error shows it: short, quoted when it is text. */
export const show = (value: unknown): string =>
  shorten(typeof value === 'string' ? JSON.stringify(value) : String(value));

/** At most 80 characters of a text. */
export const shorten = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 77)}...`);

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
      reason: cellReason(column, type, () => `${column} is null, and the schema says it never is.`),
      mark: type === 'string' ? markText(column, v => v === null) : markNumbers(column, Number.isNaN),
    });
  const invalid = INVALID[type];
  if (invalid !== null)
    rules.push({
      check: 'type',
      action: 'reject',
      column,
      reason: cellReason(column, type, value => `${column} must be ${TYPE_IN_WORDS[type]}; got ${value}.`),
      mark: markNumbers(column, invalid),
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
    reason: cellReason(column, 'string', () => `${column} is the event's id and must not be empty.`),
    mark: markText(column, v => v === ''),
  };
}

/** A vector is null as a whole or has finite numbers only; one rule sees to all of them. */
function vectorRule({name, type: {nullable}, size, parts}: DoorColumn): Rule {
  const must = `${name} must be ${size} finite numbers${nullable ? ' or null' : ''}`;
  const invalid = INVALID.number!;
  const marks = parts.flatMap((part, k) => {
    const whole = nullable ? (k === 0 ? [] : [markHalfNull(parts[0]!, part)]) : [markNumbers(part, Number.isNaN)];
    return [markNumbers(part, invalid), ...whole];
  });
  return {
    check: 'type',
    action: 'reject',
    column: name,
    reason: ({columns}, i) => {
      const values = parts.map(part => columns[part]![i] as number);
      const k = values.findIndex(v => !Number.isFinite(v));
      const example = Number.isNaN(values[k]) ? 'null' : show(values[k]);
      return {message: `${must}; number ${k + 1} of it is ${example}.`, example};
    },
    mark(batch, codes, code) {
      let found = false;
      for (const mark of marks) if (mark(batch, codes, code)) found = true;
      return found;
    },
  };
}

/** The compiled check, or null if it is about many events. */
function declaredRule({action, name, rule}: Check, column: string, type: TypeName): Rule | null {
  const is = {check: name, action, column, reason: cellReason(column, type, value => `${name}; got ${value}.`)};
  switch (rule.kind) {
    case 'range': {
      const min = rule.min ?? Number.NEGATIVE_INFINITY;
      const max = rule.max ?? Number.POSITIVE_INFINITY;
      return {...is, mark: markNumbers(column, v => v < min || v > max)};
    }
    case 'set': {
      const allowed = new Set<string | null>(rule.values).add(null);
      return {...is, mark: markText(column, v => !allowed.has(v))};
    }
    case 'pattern': {
      const pattern = fullMatch(rule.pattern);
      return {...is, mark: markText(column, v => v !== null && !pattern.test(v))};
    }
    default:
      return null;
  }
}

/** The reason that shows the cell of the row. */
function cellReason(column: string, type: TypeName, message: (value: string) => string): Rule['reason'] {
  return ({columns}, i) => {
    const example = show(cellValue(columns[column]!, type, i));
    return {message: message(example), example};
  };
}

type Mark = Rule['mark'];

/** Null text passes every rule but the null rule; so does NaN, the null of numbers. */
function markText(column: string, broken: (v: string | null) => boolean): Mark {
  return ({count, columns}, codes, code) => {
    const texts = columns[column] as readonly (string | null)[];
    let found = false;
    for (let i = 0; i < count; i++)
      if (broken(texts[i] ?? null) && codes[i] === 0) {
        codes[i] = code;
        found = true;
      }
    return found;
  };
}

function markNumbers(column: string, broken: (v: number) => boolean): Mark {
  return ({count, columns}, codes, code) => {
    const numbers = columns[column] as Float64Array;
    let found = false;
    for (let i = 0; i < count; i++)
      if (broken(numbers[i]!) && codes[i] === 0) {
        codes[i] = code;
        found = true;
      }
    return found;
  };
}

/** Rows in which one of two numbers of a vector is null. */
function markHalfNull(first: string, column: string): Mark {
  return ({count, columns}, codes, code) => {
    const [a, b] = [columns[first] as Float64Array, columns[column] as Float64Array];
    let found = false;
    for (let i = 0; i < count; i++)
      if (Number.isNaN(a[i]!) !== Number.isNaN(b[i]!) && codes[i] === 0) {
        codes[i] = code;
        found = true;
      }
    return found;
  };
}
