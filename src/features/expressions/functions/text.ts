// Strings: sequences of code points without lone surrogates (which no file or engine can hold).
// Unicode normal forms are left out: Spark SQL has no function for them.
import {inBoth, once} from '../once.ts';
import {quoted} from '../quoted.ts';
import {regexOf} from '../regex.ts';
import {type Dialect, type FunctionSpec, prefixText} from './function-spec.ts';
import {CAPITAL, lower, SMALL, upper} from './letter-case.ts';
import {collapse, SEPARATOR_PATTERN, SPACE_PATTERN, trim, wordsOf} from './words.ts';

const STRING = {takes: ['string'], result: 'string'} as const;
const SEARCH = {takes: ['string', 'string'], result: 'bool', infix: true} as const;

const replaceAll = (dialect: Dialect, text: string, pattern: string, by: string): string =>
  `regexp_replace(${text}, ${quoted(pattern, dialect)}, '${by}'${dialect === 'duckdb' ? ", 'g'" : ''})`;
const trimSql = (dialect: Dialect) => (a: string) =>
  replaceAll(dialect, a, `^${SPACE_PATTERN}+|${SPACE_PATTERN}+\\z`, '');
const collapseSql = (dialect: Dialect) => (a: string) => `trim(${replaceAll(dialect, a, `${SPACE_PATTERN}+`, ' ')})`;
export const lowerSql = {
  duckdb: (a: string): string => `lower(${a})`,
  spark: (a: string): string => `lower(translate(${a}, 'İΣ', 'iσ'))`,
};
/** The words of lower-cased text, as a list with empty ones at its ends. */
export const wordsSql = {
  duckdb: (a: string): string => `string_split_regex(lower(${a}), ${quoted(`${SEPARATOR_PATTERN}+`, 'duckdb')})`,
  spark: (a: string): string => `split(${lowerSql.spark(a)}, ${quoted(`${SEPARATOR_PATTERN}+`, 'spark')})`,
};

export const TEXT = {
  lower: {...STRING, js: lower, sql: lowerSql, text: prefixText('lower')},
  upper: {
    ...STRING,
    js: upper,
    sql: {
      duckdb: prefixText('upper'),
      spark: a =>
        `array_join(transform(split(translate(${a}, '${SMALL}', '${CAPITAL}'), ''), c -> if(length(upper(c)) = 1, upper(c), c)), '')`,
    },
    text: prefixText('upper'),
  },
  trim: {...STRING, js: trim, sql: {duckdb: trimSql('duckdb'), spark: trimSql('spark')}, text: prefixText('trim')},
  /** Lower case, no white space at the ends, one space for each run of it inside. */
  normalise: {
    ...STRING,
    js: (a: string) => lower(collapse(a)),
    sql: {
      duckdb: a => lowerSql.duckdb(collapseSql('duckdb')(a)),
      spark: a => lowerSql.spark(collapseSql('spark')(a)),
    },
    text: prefixText('normalise'),
  },
  length: {
    takes: ['string'],
    result: 'int',
    js: lengthOf,
    sql: a => `CAST(length(${a}) AS DOUBLE)`,
    text: prefixText('length'),
  },
  contains: {
    ...SEARCH,
    js: (a: string, b: string) => a.includes(b),
    sql: prefixText('contains'),
    text: (a, b) => `(${a} contains ${b})`,
  },
  startsWith: {
    ...SEARCH,
    js: (a: string, b: string) => a.startsWith(b),
    sql: {duckdb: prefixText('starts_with'), spark: prefixText('startswith')},
    text: (a, b) => `(${a} starts with ${b})`,
  },
  endsWith: {
    ...SEARCH,
    js: (a: string, b: string) => a.endsWith(b),
    sql: {duckdb: prefixText('ends_with'), spark: prefixText('endswith')},
    text: (a, b) => `(${a} ends with ${b})`,
  },
  /** Code points `from` (0 is the first) to `from + count`. */
  substring: {
    takes: ['string', 'number', 'number'],
    result: 'string',
    js: substringOf,
    sql: (a, from, count) => `substring(${a}, CAST(${from} AS INT) + 1, CAST(${count} AS INT))`,
    text: (a, from, count) => `${count} characters of ${a} from ${from}`,
  },
  /** Every occurrence, from left to right. An empty string is found nowhere. */
  replace: {
    takes: ['string', 'string', 'string'],
    result: 'string',
    js: (a: string, what: string, by: string) => (what === '' ? a : a.replaceAll(what, () => by)),
    sql: prefixText('replace'),
    text: (a, what, by) => `${a} with ${by} for ${what}`,
  },
  /** A cross of strings, as a string. */
  concat: {
    takes: ['string', 'string'],
    rest: true,
    result: 'string',
    js: (a: string, b: string, ...more: string[]) => (more.length === 0 ? `${a}×${b}` : [a, b, ...more].join('×')),
    sql: (...values) => `(${values.join(" || '×' || ")})`,
    text: (...values) => `(${values.join(' × ')})`,
    infix: true,
  },
  /** Digits of a whole number of at most 2^53 - 1; null of any other. */
  asText: {
    takes: ['number'],
    result: 'string',
    js: (a: number) => (Number.isSafeInteger(a) ? String(a) : null),
    sql: inBoth(dialect => a => {
      const whole = (x: string) => `CASE WHEN abs(${x}) <= 9007199254740991e0 AND ${x} % 1e0 = 0e0 THEN ${x} END`;
      return once(
        dialect,
        a,
        x => `CAST(CAST(${whole(x)} AS BIGINT) AS ${dialect === 'duckdb' ? 'VARCHAR' : 'STRING'})`,
      );
    }),
    text: a => `${a} as text`,
  },
  /** Whether the pattern is found anywhere. */
  matches: {
    takes: ['string', 'pattern'],
    result: 'bool',
    js: (a: string, pattern: string) => regexOf(pattern).test(a),
    prepare: (pattern: string) => {
      const regex = regexOf(pattern);
      return (a: string) => regex.test(a);
    },
    sql: {duckdb: prefixText('regexp_matches'), spark: prefixText('rlike')},
    text: (a, pattern) => `(${a} matches ${pattern})`,
    infix: true,
  },
  /** The pattern's group, or all that it matches, where it is first found; null if it is not. */
  extract: {
    takes: ['string', 'pattern'],
    result: 'string',
    js: (a: string, pattern: string) => extracted(regexOf(pattern).exec(a)),
    prepare: (pattern: string) => {
      const regex = regexOf(pattern);
      return (a: string) => extracted(regex.exec(a));
    },
    sql: inBoth(
      dialect => (a, pattern) =>
        once(
          dialect,
          a,
          x =>
            `(CASE WHEN ${dialect === 'duckdb' ? 'regexp_matches' : 'rlike'}(${x}, ${pattern}) THEN regexp_extract(${x}, ${pattern}, 1) END)`,
        ),
    ),
    text: (a, pattern) => `${pattern} of ${a}`,
  },
  wordCount: {
    takes: ['string'],
    result: 'int',
    js: (a: string) => wordsOf(lower(a)).length,
    sql: {
      duckdb: a => `CAST(len(list_filter(${wordsSql.duckdb(a)}, lambda w: w <> '')) AS DOUBLE)`,
      spark: a => `CAST(array_size(filter(${wordsSql.spark(a)}, w -> w <> '')) AS DOUBLE)`,
    },
    text: a => `words in ${a}`,
  },
} as const satisfies Record<string, FunctionSpec>;

/** A group that took no part is empty, as in SQL. */
const extracted = (match: RegExpExecArray | null): string | null => (match === null ? null : (match[1] ?? ''));

function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) length--;
  return length;
}

function substringOf(text: string, from: number, count: number): string {
  if (lengthOf(text) === text.length) return text.slice(from, from + count);
  return Array.from(text)
    .slice(from, from + count)
    .join('');
}
