import {expect, test} from 'vitest';
import {type MillraceError, t} from '../protocol/index.ts';
import {inRange, matches, oneOf} from './checks/check.ts';
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
