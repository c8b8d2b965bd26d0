import {describe, expect, test} from 'vitest';
import {MillraceError, t, type Value} from '../../protocol/index.ts';
import {bindExpression} from './bind.ts';
import {caseOf, coalesce, cyclic, distance, hashedWords} from './combine.ts';
import {choose, columnExpressions, type Expression} from './expression.ts';
import {localTime} from './local-time.ts';
import {columnsOf} from './node.ts';
import {printExpression} from './print.ts';
import {expressionSql} from './sql.ts';

const c = columnExpressions({
  a: t.number,
  b: t.number.orNull(),
  s: t.string.orNull(),
  name: t.string,
  flag: t.bool.orNull(),
  at: t.time,
  zone: t.string,
});

const value = (expression: Expression<unknown>, cells: Record<string, number | string | null> = {}): Value =>
  bindExpression(
    expression.node,
    Object.fromEntries(
      columnsOf(expression.node).map(name => {
        const cell = cells[name] ?? null;
        return [name, typeof cell === 'number' ? Float64Array.of(cell) : [cell]];
      }),
    ),
  )(0);

function problem(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (error instanceof MillraceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing';
}

describe('an expression', () => {
  test('prints in words', () => {
    const printed = [
      c.a.gt(15).and(c.s.ne('x')),
      c.a.between(1, 5),
      c.s.isIn(['x', 'y']),
      c.at.since(new Date(0), 'days'),
      choose(c.flag, c.a, 0),
      c.name.cross('x').hash(100),
      c.at.startOf('week', 'Europe/Athens'),
      c.a.bucket([1, 2]),
    ].map(({node}) => printExpression(node));
    expect(printed).toEqual([
      "(a > 15) and (s ≠ 'x')",
      'a between 1 and 5',
      "s in ['x', 'y']",
      'days from 0 to at',
      'if flag then a else 0',
      "hash of (name × 'x') into 100",
      "start of the week of at in 'Europe/Athens'",
      'bucket of a in [1, 2]',
    ]);
  });

  test('is JSON and comes back from it', () => {
    const expression = caseOf([[c.a.bucket([1, 2]).eq(1), c.name.substring(0, 3)]], 'other');
    const copy = JSON.parse(JSON.stringify(expression.node));
    expect(copy).toEqual(expression.node);
    expect(bindExpression(copy, {a: Float64Array.of(1.5), name: ['Athens']})(0)).toBe('Ath');
  });

  test('knows its type', () => {
    expect(
      [c.a.plus(1), c.name.length(), coalesce(c.b, 1), choose(c.flag, c.at, c.at), c.at.startOf('day', c.zone)].map(
        ({type}) => type,
      ),
    ).toEqual(['number', 'int', 'number', 'time', 'time']);
  });

  test('that nests gives SQL that grows with its size, not faster', () => {
    let straight: Expression<number | null> = c.b;
    for (let i = 0; i < 40; i++) straight = c.a.over(straight).log().modulo(3).sqrt();
    expect(expressionSql(straight.node).length).toBeLessThan(40 * 700);
    expect(expressionSql(straight.node, undefined, 'spark').length).toBeLessThan(40 * 700);
  });
});

describe('what does not fit', () => {
  test('is an error where nobody compiles', () => {
    const untyped = c as unknown as Record<string, typeof c.a & typeof c.at & typeof c.name>;
    const wrong = [
      () => untyped.s!.plus(1),
      () => untyped.a!.lower(),
      () => untyped.a!.gt('many' as never),
      () => untyped.name!.eq(3 as never),
      () => untyped.a!.plus(Number.NaN),
      () => c.a.bucket([2, 1]),
      () => c.s.hash(0),
      () => c.s.substring(-1, 2),
      () => c.at.hour('Mars/Base'),
      () => c.at.hour('+02:00'),
      () => c.at.since(c.at, 'weeks' as 'days'),
      () => c.s.isIn([]),
    ].map(problem);
    expect(wrong).toEqual([
      "DEFINITION_INVALID: 'plus' takes a number as argument 1, and was given s (string), 1 (number).",
      "DEFINITION_INVALID: 'lower' takes a string as argument 1, and was given a (number).",
      "DEFINITION_INVALID: 'gt' takes arguments of one type, and was given a (number), 'many' (string).",
      "DEFINITION_INVALID: 'eq' takes arguments of one type, and was given name (string), 3 (number).",
      'DEFINITION_INVALID: NaN is no value of an expression.',
      'DEFINITION_INVALID: The edges [2, 1] of a bucket do not ascend.',
      "DEFINITION_INVALID: 'buckets' is 0.",
      "DEFINITION_INVALID: 'from' is -1.",
      "DEFINITION_INVALID: 'Mars/Base' is not a time zone.",
      "DEFINITION_INVALID: '+02:00' is not a time zone.",
      "DEFINITION_INVALID: 'weeks' is no unit of time.",
      'DEFINITION_INVALID: isIn() takes a list of values.',
    ]);
  });

  test('does not compile', () => {
    // The compiler is what runs this test: an expected error that does not come is an error.
    expect(neverCompiles).toBeTypeOf('function');
  });
});

describe('values', () => {
  test('come round, are clamped, fall into buckets', () => {
    expect(value(c.a.modulo(24), {a: -1})).toBe(23);
    expect(value(c.a.clamp(0, 10), {a: 12})).toBe(10);
    expect([0.9, 1, 1.9, 2, 5].map(a => value(c.a.bucket([1, 2]), {a}))).toEqual([0, 1, 1, 2, 2]);
    const {sin, cos} = cyclic(c.a, 24);
    expect(value(sin, {a: 6})).toBeCloseTo(1, 15);
    expect(value(cos, {a: 12})).toBeCloseTo(-1, 15);
  });

  test('on the globe are those of the great circle', () => {
    // Greenwich to the pole is a quarter of the circle: 6371.0088 km · π / 2.
    const pole = {latitude: 90, longitude: 0};
    expect(value(distance({latitude: c.a, longitude: 0}, pole), {a: 0})).toBeCloseTo(10_007.557, 3);
  });

  test('of words are counted by bucket', () => {
    const words = hashedWords(c.name, {buckets: 4, name: 'w'});
    expect(Object.keys(words)).toEqual(['w_0', 'w_1', 'w_2', 'w_3']);
    const counts = Object.values(words).map(count => value(count, {name: 'The cat, the hat.'}) as number);
    expect(counts.reduce((sum, count) => sum + count)).toBe(4);
    expect(value(c.name.wordCount(), {name: 'The cat, the hat.'})).toBe(4);
  });
});

describe('a local time', () => {
  test('that is shown once is an instant', () => {
    expect(localTime('2024-07-01 14:30', 'Europe/Athens')).toEqual(new Date('2024-07-01T11:30:00Z'));
    expect(localTime('2024-07-01', 'UTC')).toEqual(new Date('2024-07-01T00:00:00Z'));
  });

  test('that is skipped, comes twice or is none is an error', () => {
    expect(problem(() => localTime('2024-03-31 03:30', 'Europe/Athens'))).toMatch(/skip 2024-03-31 03:30/);
    expect(problem(() => localTime('2024-10-27 03:30', 'Europe/Athens'))).toMatch(/show 2024-10-27 03:30 twice/);
    expect(problem(() => localTime('2011-12-30 12:00', 'Pacific/Apia'))).toMatch(/skip/);
    for (const text of ['2024-02-30', '2024-13-01', '14:30', '2024-01-01T10:00:00Z', '2024-01-01 25:00'])
      expect(
        problem(() => localTime(text, 'UTC')),
        text,
      ).toMatch(/is not a local time/);
  });
});

function neverCompiles(): void {
  // @ts-expect-error a string is no number
  c.s.plus(1);
  // @ts-expect-error a number is no string
  c.a.lower();
  // @ts-expect-error a number is no time
  c.a.hour('UTC');
  // @ts-expect-error another type in the list
  c.a.isIn(['x']);
  // @ts-expect-error compared with another type
  c.name.between(1, 2);
  // @ts-expect-error no such unit
  c.at.since(c.at, 'weeks');
  c.name.lower() satisfies Expression<string | null>;
  c.a.gt(1) satisfies Expression<boolean>;
  // @ts-expect-error what may be null stays so
  c.b.gt(1) satisfies Expression<boolean>;
  c.b.orElse(0) satisfies Expression<number>;
  choose(c.flag, 1, 0) satisfies Expression<number>;
}
