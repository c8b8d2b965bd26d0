// Rows on which languages like to differ, for comparing the forms of expressions (tests).
import {type ColumnData, type Schema, t, type Value} from '../../../protocol/index.ts';
import {columnExpressions} from '../expression.ts';

export const EDGE_SCHEMA = {
  a: t.number.orNull(),
  b: t.number.orNull(),
  n: t.int.orNull(),
  s: t.string.orNull(),
  u: t.string.orNull(),
  flag: t.bool.orNull(),
  at: t.time.orNull(),
  before: t.time.orNull(),
  zone: t.string.orNull(),
} as const satisfies Schema;

export type EdgeRow = {readonly [K in keyof typeof EDGE_SCHEMA]: Value};

export const edge = columnExpressions(EDGE_SCHEMA);

const NUMBERS = [
  ...[null, 0, 1, -1, 2, 3, -3, 0.5, -0.5, 1.5, 2.5, -2.5, 7.25, -7.25, 24, -24, 90, 180, 0.1, 1 / 3, -12.75],
  ...[0.49999999999999994, 2 ** 52 - 0.5, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 63, 1e300],
  ...[1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e-10, 0.12345678901234566],
];
const INTEGERS = [null, 0, 1, -1, 23, 24, 365, -40, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)];
export const STRINGS: readonly (string | null)[] = [
  ...[null, '', ' ', 'a', 'A', 'b', 'ab', "it's", 'a\\b', '\\', '%', '_', '?', '$1', '$&', '\\1', '1', '-12.5', 'null'],
  ...['Hello, World!', ' two  words\t', '\n\r\n', 'line\nline', 'end\n', 'a_b-c.d', 'the the THE', 'x"y`z', '×', 'a×b'],
  ...['ÀÉÎ', 'straße', 'ẞ', 'İstanbul', 'ΟΔΥΣΣΕΥΣ', 'ὀδυσσεύς', 'ᾳ ᾼ', 'ǆ ǅ', 'ﬁ', 'Ⴀ ა', 'e\u0301 é'],
  ...['😀', 'a😀b😀', '👩‍👩‍👧', '\ud83d\ude00\uffee', '\uffee', '\ue000', '𐐀𐐨', '日本語', 'ｆｕｌｌ'],
  ...[
    '\u00a0nbsp\u2003em\u3000',
    '\u0085next',
    'zero\u200bwidth',
    "SQL'); DROP TABLE x; --",
    'x'.repeat(70),
    '56',
    '2024-03-31',
  ],
];
const ZONES = [
  null,
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Havana',
  'Pacific/Apia',
];
/** Around changes of clocks, year ends, leap days; the epoch; before it; far away. */
const TIMES = [
  ...[null, 0, -1, 1, 951_782_400_000, 1_072_915_200_000, 4_102_444_800_000, -631_152_000_001],
  ...['2001-04-01T06:59:59.999Z', '2001-04-01T07:00:00.000Z', '2024-11-03T05:59:59.999Z', '2024-11-03T06:00:00Z'],
  ...['2024-11-03T04:30:00Z', '2024-11-03T05:30:00Z', '2018-11-04T03:00:00Z', '2018-11-04T12:00:00Z'],
  ...['2024-04-06T15:00:00Z', '2024-10-05T15:30:00Z', '2011-12-30T09:59:59Z', '2011-12-30T10:00:00Z'],
  ...['2020-12-31T23:59:59.999Z', '2021-01-03T12:00:00Z', '2021-01-04T00:00:00Z', '2016-02-29T12:34:56.789Z'],
  ...['2024-03-31T01:00:00Z', '2026-07-15T08:09:10.011Z', '1999-12-31T18:30:00Z', '2015-12-28T00:00:00Z'],
].map(time => (typeof time === 'string' ? Date.parse(time) : time));

/** Every value of every column, beside others in steps that share no divisor. */
export const EDGE_ROWS: readonly EdgeRow[] = Array.from({length: 420}, (_, i) => ({
  a: NUMBERS[i % NUMBERS.length]!,
  b: NUMBERS[(i * 7 + Math.floor(i / NUMBERS.length)) % NUMBERS.length]!,
  n: INTEGERS[i % INTEGERS.length]!,
  s: STRINGS[i % STRINGS.length]!,
  u: STRINGS[(i * 5 + Math.floor(i / STRINGS.length)) % STRINGS.length]!,
  flag: [true, false, null][i % 3]!,
  at: TIMES[i % TIMES.length]!,
  before: TIMES[(i * 3 + 1) % TIMES.length]!,
  zone: ZONES[Math.floor(i / TIMES.length) % ZONES.length]!,
}));

/** The rows as expressions are bound to them. */
export const EDGE_COLUMNS: Readonly<Record<string, ColumnData>> = Object.fromEntries(
  Object.entries(EDGE_SCHEMA).map(([name, {type}]) => {
    const values = EDGE_ROWS.map(row => row[name as keyof EdgeRow]);
    return [
      name,
      type === 'string'
        ? (values as (string | null)[])
        : Float64Array.from(values, value => (value === null ? Number.NaN : Number(value))),
    ];
  }),
);
