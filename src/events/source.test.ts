import {expect, expectTypeOf, test} from 'vitest';
import {type MillraceError, type Row, t} from '../protocol/index.ts';
import {inRange, matches, oneOf} from './checks/check.ts';
import {nullShare, unique} from './checks/stream-check.ts';
import {events} from './source.ts';

const schema = {id: t.string, at: t.time, country: t.string, amount: t.number};

function problemsOf(declare: () => unknown): string[] {
  try {
    declare();
  } catch (error) {
    return (error as MillraceError).problems.map(problem => problem.message);
  }
  return [];
}

test('a source without options tolerates events that are a day late', () => {
  const source = events('payments', {schema, time: 'at', id: 'id'});
  expect(source).toMatchObject({delayMs: 0, latenessMs: 86_400_000, arrival: null, from: null, checks: []});
  expect(Object.isFrozen(source)).toBe(true);
});

test('the default lateness grows with the delay, so that history is never late by itself', () => {
  expect(events('payments', {schema, time: 'at', id: 'id', delay: '2d'}).latenessMs).toBe(3 * 86_400_000);
});

test('a lateness shorter than the delay is refused', () => {
  expect(problemsOf(() => events('payments', {schema, time: 'at', id: 'id', delay: '2h', lateness: '1h'}))).toEqual([
    'The delay of 2h is longer than the lateness of 1h, so no event of the history would be used.',
  ]);
});

test('every problem of a declaration is named at once', () => {
  const problems = problemsOf(() =>
    events('Payments', {
      schema: {...schema, _own: t.string},
      time: 'at',
      id: 'id',
      checks: [
        inRange('country' as 'amount', {min: 0}),
        inRange('amount', {}),
        inRange('amount', {min: 2, max: 1}),
        oneOf('amount' as 'country', ['1']),
        oneOf('country', []),
        matches('country', '('),
      ],
    }),
  );
  expect(problems).toEqual([
    "'Payments' is no name.",
    "Names that start with _ are the platform's own.",
    "country at least 0: a range check applies to number, int, time columns; 'country' is a string.",
    expect.stringContaining('a range needs a min or a max.'),
    'amount between 2 and 1: the min 2 is above the max 1.',
    "amount one of 1: a set check applies to string columns; 'amount' is a number.",
    'country one of : the list of allowed values is empty.',
    expect.stringContaining('country matches (: the pattern is no regular expression'),
  ]);
});

test('a vector is one column to the type checker and as many columns of numbers as it has', () => {
  const source = events('images', {
    schema: {...schema, seen: t.vector(2), said: t.vector(1).orNull()},
    time: 'at',
    id: 'id',
    checks: [inRange('amount', {min: 0})],
  });
  expectTypeOf<Row<typeof source.schema>>().toEqualTypeOf<{
    id: string;
    at: Date;
    country: string;
    amount: number;
    seen: readonly number[];
    said: readonly number[] | null;
  }>();
  const flat = Object.fromEntries(Object.entries(source.schema).map(([name, type]) => [name, type.nullable]));
  expect(flat).toEqual({
    id: false,
    at: false,
    country: false,
    amount: false,
    seen_0: false,
    seen_1: false,
    said_0: true,
  });
  expect(source.vectors).toEqual({seen: 2, said: 1});
});

test('a vector of no size, one that takes the name of another column, and checks on vectors are refused', () => {
  const problems = problemsOf(() =>
    events('images', {
      schema: {...schema, seen: t.vector(2), seen_1: t.string, none: t.vector(0), huge: t.vector(4_097)},
      time: 'at',
      id: 'id',
      checks: [unique('country'), unique('country'), nullShare('seen' as 'country', {max: 0.5})],
    }),
  );
  expect(problems).toEqual([
    "The vector 'seen' is held by columns seen_0 to seen_1, so 'seen_1' cannot be another one.",
    "The vector 'none' has 0 numbers; 1 to 4096 are possible.",
    "The vector 'huge' has 4097 numbers; 1 to 4096 are possible.",
    'country unique within 24h: it is declared twice.',
    "seen null in at most 0.5 of 1000 events: 'seen' is a vector, and checks on vectors are not offered.",
  ]);
});
