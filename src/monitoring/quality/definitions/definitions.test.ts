import {describe, expect, test} from 'vitest';
import {fresh, inRange, matches, nullShare, oneOf, unique} from '../../../events/index.ts';
import {MillraceError} from '../../../protocol/index.ts';
import {monitorPolicy} from '../../policy/monitor-policy.ts';
import {distinctIn, fallbackShare, finite, meanIn, shareAbove, unseenShare, varies} from './expectations.ts';
import {served} from './quality-check.ts';
import {inOrder, nullTogether, sameValue, sumOf} from './relations.ts';
import {columnProblems, FALLBACK, PREDICTION, type ServedColumn} from './served-columns.ts';

function problemsOf(define: () => unknown): string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.length === 0 ? [error.message] : error.problems.map(({message}) => message);
    throw error;
  }
  return [];
}

describe('checks of what is served', () => {
  test('say themselves in words', () => {
    const checks = [
      inRange('fare', {min: 0}),
      served(inRange('fare', {min: 0, max: 9}), {mostly: 0.995}),
      oneOf('zone', ['a', 'b']),
      oneOf('zone', [...'abcdefghijk']),
      matches('code', '[A-Z]{3}'),
      nullShare('fare', {max: 0.01}),
      unique(['a', 'b']),
      finite('prediction'),
      meanIn('fare', {min: 5, max: 20}),
      distinctIn('zone', {min: 2}),
      varies('fare'),
      unseenShare('zone', {max: 0.05}),
      shareAbove('prediction', 0.5, {max: 0.3}),
      fallbackShare({max: 0.02}),
      inOrder('low', 'fare', 'high'),
      sameValue('a', 'b', {tolerance: 0.5}),
      nullTogether('a', 'b'),
      sumOf('total', ['net', 'tax']),
    ] as const;
    expect(monitorPolicy({quality: checks}).quality.map(({name}) => name)).toEqual([
      'fare at least 0',
      'fare between 0 and 9, in 99.5 % of rows',
      'zone one of a, b',
      'zone one of a, b, c, d, e, f, g and 4 more',
      'code matches [A-Z]{3}',
      'fare null in at most 1 % of rows',
      'a and b unique in a window',
      'prediction is finite',
      'mean of fare between 5 and 20',
      'zone with at least 2 different values',
      'fare varies within a window',
      'zone new in at most 5 % of rows',
      'share of prediction above 0.5 at most 0.3',
      'at most 2 % of answers from a fallback',
      'low <= fare <= high',
      'a = b within 0.5',
      'a and b null together',
      'total = net + tax',
    ]);
  });

  test('page unless they only warn, or are told otherwise', () => {
    const checks = [inRange('x', {min: 0}), inRange('x', {min: 0}, 'warn'), nullShare('x', {max: 0}), finite('x')];
    expect(checks.map(check => served(check).severity)).toEqual(['page', 'ticket', 'ticket', 'page']);
    expect(served(nullShare('x', {max: 0}), {severity: 'page'}).severity).toBe('page');
  });

  test('are plain frozen JSON, and settings outlast further settings', () => {
    const check = served(served(inRange('x', {min: 0}), {mostly: 0.9, level: 'input'}), {minRows: 5});
    expect(JSON.parse(JSON.stringify(check))).toEqual(check);
    expect(check).toMatchObject({mostly: 0.9, level: 'input', minRows: 5, severity: 'page'});
    expect(Object.isFrozen(check)).toBe(true);
    expect(Object.isFrozen(monitorPolicy({quality: [check]}).quality)).toBe(true);
  });

  test('about a stream alone are refused, saying where they belong', () => {
    expect(problemsOf(() => monitorPolicy({quality: [fresh({within: '1h'})]}))).toEqual([
      "The check 'an event every 1h' is about a stream of events and cannot be tried on rows that are served.",
    ]);
  });

  test('that make no sense are named all at once', () => {
    const quality = [
      inRange('a', {}),
      inRange('b', {min: 2, max: 1}),
      oneOf('c', []),
      matches('d', '(a)\\1'),
      nullShare('e', {max: 1}),
      served(finite('f'), {mostly: 0}),
      served(varies('g'), {mostly: 0.9}),
      inOrder('h'),
      distinctIn('i', {max: 1e9}),
      finite('j'),
      finite('j'),
      sumOf('k', []),
      shareAbove('l', 0.5, {max: 2}),
      served(finite('m'), {minRows: 0}),
    ];
    const said = problemsOf(() => monitorPolicy({quality})).map(message => message.replace(/^The check '.*?': /, ''));
    expect(said).toEqual([
      'it has no bound.',
      'the min 2 is above the max 1.',
      'the list of allowed values is empty.',
      expect.stringContaining("'\\1' is not offered in the pattern (a)\\1"),
      'a share of 1 allows all.',
      'mostly is 0.',
      'mostly is about single rows, and this check is not.',
      'it compares columns, and has fewer than two.',
      'it would remember more than 100000 values.',
      'it is there twice.',
      'the sum has no parts.',
      '2 is no share.',
      'minRows is 0.',
    ]);
  });
});

describe('columns that are served', () => {
  const columns: readonly ServedColumn[] = [
    {name: 'zone', level: 'input', type: 'string'},
    {name: 'fare_1h', level: 'feature', type: 'number'},
    PREDICTION,
    FALLBACK,
  ];
  const problems = (...checks: Parameters<typeof served>[0][]) =>
    columnProblems(
      checks.map(check => served(check)),
      columns,
    ).map(({message, fix}) => `${message} ${fix}`);

  test('fit what is checked of them', () => {
    expect(problems(inRange('fare_1h', {min: 0}), oneOf('zone', ['a']), finite('prediction'))).toEqual([]);
    expect(problems(fallbackShare({max: 0.1}))).toEqual([]);
  });

  test('have near names where one is misspelt', () => {
    expect(problems(inRange('fare_2h', {min: 0}))).toEqual([
      "'fare_2h' is no feature, no field of the request and not the prediction. Did you mean fare_1h?",
    ]);
    expect(problems(inOrder('fare_1h', 'weather'))[0]).toContain('There are zone, fare_1h, prediction.');
    expect(problems(served(oneOf('zone', ['a']), {level: 'feature'}))).toEqual([
      "'zone' is no feature. There are fare_1h.",
    ]);
  });

  test('of another type are named', () => {
    expect(problems(inRange('zone', {min: 0}), matches('fare_1h', 'a'))).toEqual([
      "'zone' is a string, and 'zone at least 0' is for number, int, time, bool. Check another column, or something else of this one.",
      "'fare_1h' is a number, and 'fare_1h matches a' is for string. Check another column, or something else of this one.",
    ]);
  });
});
