import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {inRange, matches, nullShare, oneOf, unique} from '../../events/index.ts';
import type {QualityResult} from '../../protocol/index.ts';
import {
  distinctIn,
  fallbackShare,
  finite,
  maximumIn,
  meanIn,
  medianIn,
  minimumIn,
  shareAbove,
  unseenShare,
  varies,
} from './definitions/expectations.ts';
import {type QualityCheckInput, type ServedOptions, served} from './definitions/quality-check.ts';
import {inOrder, nullTogether, sameValue, sumOf} from './definitions/relations.ts';
import {FALLBACK, PREDICTION} from './definitions/served-columns.ts';
import {judgeQuality} from './judge-quality.ts';
import {QualityCounters} from './quality-counters.ts';
import type {ServedValue} from './tallies/tally.ts';

type Columns = Readonly<Record<string, readonly ServedValue[]>>;

/** The result of one check on features; any number of rows is enough. */
function judged(check: QualityCheckInput, columns: Columns, options: ServedOptions = {}): QualityResult {
  const features = Object.entries(columns).map(([name, values]) => ({name, level: 'feature', values}) as const);
  return judgeQuality([served(check, {minRows: 1, ...options})], features)[0]!;
}

const brief = ({verdict, rows, broken}: QualityResult) => `${verdict}: ${broken} of ${rows}`;
const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({length: count}, (_, i) => of(i));

describe('checks of one row', () => {
  test.each([
    [inRange('x', {min: 0, max: 9}), [0, 9, -1, 10, null, Number.NaN, 'text'], 'broken: 3 of 5'],
    [oneOf('x', ['a', '7', '']), ['a', 7, '', 'b', '7', null, Number.NaN], 'broken: 1 of 5'],
    [matches('x', '[A-Z]{3}'), ['ATL', 'atl', 'ATLX', null], 'broken: 2 of 3'],
    [finite('x'), [1, Number.POSITIVE_INFINITY, Number.NaN, null], 'broken: 2 of 3'],
    [unique('x'), ['a', 'b', 'a', null, null, 'a', 1, '1'], 'broken: 2 of 6'],
  ])('%j', (check, values, want) => expect(brief(judged(check, {x: values}))).toBe(want));

  test('null says nothing of relations, but of which columns are null together', () => {
    const columns = {a: [1, 2, null, null, 3], b: [2, 1, 1, null, 3]};
    expect(brief(judged(inOrder('a', 'b'), columns))).toBe('broken: 1 of 3');
    expect(brief(judged(sameValue('a', 'b', {tolerance: 1}), columns))).toBe('kept: 0 of 3');
    expect(brief(judged(sameValue('a', 'b'), columns))).toBe('broken: 2 of 3');
    expect(brief(judged(nullTogether('a', 'b'), columns))).toBe('broken: 1 of 5');
  });

  test('a sum is exact but for rounding', () => {
    const columns = {whole: [0.3, 0.3, 1e9], a: [0.1, 0.1, 1e9], b: [0.2, 0.2001, 0.1]};
    expect(brief(judged(sumOf('whole', ['a', 'b']), columns))).toBe('broken: 2 of 3');
    expect(brief(judged(sumOf('whole', ['a', 'b'], {tolerance: 0.1}), columns))).toBe('kept: 0 of 3');
  });

  test('count what a plain loop counts', () => {
    const value = fc.oneof(
      fc.integer({min: -5, max: 5}),
      fc.constantFrom(null, Number.NaN),
      fc.constantFrom('a', 'bb'),
    );
    const rows = fc.array(fc.tuple(value, value, value), {maxLength: 40});
    const missing = (v: ServedValue) => v === null || Number.isNaN(v);
    const naive: readonly [QualityCheckInput, readonly number[], (v: readonly ServedValue[]) => boolean][] = [
      [inRange('a', {min: -2, max: 3}), [0], ([a]) => typeof a !== 'number' || a < -2 || a > 3],
      [oneOf('b', ['a', '4']), [1], ([b]) => b !== 'a' && b !== 4],
      [matches('c', 'b+|\\d'), [2], ([c]) => !/^(?:b+|\d)$/.test(String(c))],
      [
        inOrder('a', 'b', 'c'),
        [0, 1, 2],
        ([a, b, c]) => !(typeof c === 'number' && Number(a) <= Number(b) && Number(b) <= c),
      ],
      [sameValue('a', 'c'), [0, 2], ([a, c]) => a !== c],
    ];
    fc.assert(
      fc.property(rows, given => {
        const columns = {a: given.map(r => r[0]), b: given.map(r => r[1]), c: given.map(r => r[2])};
        for (const [check, read, breaks] of naive) {
          const seen = given.map(row => read.map(c => row[c]!)).filter(values => !values.some(missing));
          const {rows: counted, broken} = judged(check, columns);
          expect([check.name, counted, broken]).toEqual([check.name, seen.length, seen.filter(breaks).length]);
        }
      }),
      {seed: 11, numRuns: 300},
    );
  });
});

describe('a share', () => {
  const broken = (count: number, rows: number) => ({x: times(rows, i => (i < count ? -1 : 1))});
  const check = served(inRange('x', {min: 0}), {mostly: 0.99});

  test('that must be none is broken by one row in a million', () => {
    expect(brief(judged(inRange('x', {min: 0}), broken(1, 1_000_000)))).toBe('broken: 1 of 1000000');
  });

  test('is broken beyond chance only', () => {
    // Binomial(1000, 0.01): P(X >= 20) = 0.0032884, P(X >= 22) = 0.00065183, summed in exact fractions.
    expect(judged(check, broken(20, 1_000)).verdict).toBe('kept');
    expect(judged(check, broken(22, 1_000)).verdict).toBe('broken');
  });

  test('has bounds on both sides', () => {
    const above = shareAbove('x', 0, {min: 0.2, max: 0.4});
    const verdicts = [50, 180, 300, 420, 600].map(count => judged(above, {x: times(1_000, i => (i < count ? 1 : -1))}));
    expect(verdicts.map(({verdict}) => verdict)).toEqual(['broken', 'kept', 'kept', 'kept', 'broken']);
    expect(verdicts[0]).toMatchObject({measured: 0.05, limit: 0.2});
    expect(verdicts[4]).toMatchObject({measured: 0.6, limit: 0.4});
  });

  test('of nulls counts all rows', () => {
    const columns = {x: times(100, i => (i < 30 ? null : i))};
    expect(brief(judged(nullShare('x', {max: 0.1}), columns))).toBe('broken: 30 of 100');
    expect(judged(nullShare('x', {max: 0.1}), columns).message).toMatch(
      /^30 of 100 rows \(30 %\) are null; at most 10 % may/,
    );
  });

  test('of new categories is told apart from what the version knew', () => {
    const columns = [
      {name: 'c', level: 'feature', values: times(100, i => (i < 20 ? 'new' : i % 2 ? 'a' : 7))} as const,
    ];
    const checks = [unseenShare('c', {max: 0.05})];
    expect(brief(judgeQuality(checks, columns, {known: () => ['a', '7']})[0]!)).toBe('broken: 20 of 100');
    expect(judgeQuality(checks, columns)[0]!.message).toBe(
      "It cannot be judged: the categories that 'c' had in training are not known.",
    );
  });
});

describe('a column as a whole', () => {
  const x = times(1_001, i => i);
  test.each([
    [minimumIn('x', {min: 0, max: 0}), 'kept', 0],
    [minimumIn('x', {min: 1}), 'broken', 0],
    [maximumIn('x', {max: 999}), 'broken', 1_000],
    [meanIn('x', {min: 500}), 'kept', 500],
    [meanIn('x', {min: 540}), 'broken', 500],
    [medianIn('x', {max: 499}), 'kept', 501 / 1_001],
    [medianIn('x', {max: 400}), 'broken', 600 / 1_001],
    [distinctIn('x', {max: 10}), 'broken', 11],
    [distinctIn('x', {min: 100}), 'kept', 100],
  ])('%j', (check, verdict, measured) => expect(judged(check, {x})).toMatchObject({verdict, measured}));

  test('has the statistics that a plain loop finds', () => {
    const value = fc.oneof(fc.double({min: -1e6, max: 1e6, noNaN: true}), fc.constantFrom(null, Number.NaN, 0, 1));
    const anything = {min: -1e9, max: 1e9};
    fc.assert(
      fc.property(fc.array(value, {minLength: 1, maxLength: 60}), values => {
        const numbers = values.filter((v): v is number => v !== null && !Number.isNaN(v));
        fc.pre(numbers.length > 0);
        const measured = (check: QualityCheckInput) => judged(check, {x: values}).measured!;
        expect(measured(minimumIn('x', anything))).toBeCloseTo(Math.min(...numbers), 12);
        expect(measured(maximumIn('x', anything))).toBeCloseTo(Math.max(...numbers), 12);
        expect(measured(meanIn('x', anything))).toBeCloseTo(numbers.reduce((a, b) => a + b, 0) / numbers.length, 6);
        expect(measured(distinctIn('x', {max: 1_000}))).toBe(new Set(numbers).size);
        const sorted = numbers.toSorted((a, b) => a - b);
        const middle = sorted[(sorted.length - 1) >> 1]!;
        expect(judged(medianIn('x', {min: middle, max: middle}), {x: values}).verdict).toBe('kept');
      }),
      {seed: 12, numRuns: 300},
    );
  });

  test('is stuck when all its values are one', () => {
    expect(judged(varies('x'), {x: times(200, () => 3.5)}).message).toMatch(
      /^All 200 rows have the same value, 3.5; it is stuck\./,
    );
    expect(judged(varies('x'), {x: times(200, i => (i === 199 ? 4 : 3.5))}).verdict).toBe('kept');
    expect(judged(varies('x'), {x: times(200, i => (i % 2 ? null : 'a'))}).verdict).toBe('broken');
  });

  test('with infinities has no mean that keeps anything', () => {
    const wild = {x: [...times(50, i => i), Number.POSITIVE_INFINITY]};
    expect(judged(meanIn('x', {min: 0}), wild).verdict).toBe('kept');
    expect(judged(meanIn('x', {max: 100}), wild).verdict).toBe('broken');
    expect(judged(meanIn('x', {max: 100}), {x: [...wild.x, Number.NEGATIVE_INFINITY]}).verdict).toBe('broken');
  });

  test('keeps its digits far from 0', () => {
    const narrow = {x: times(1_000, i => 1e12 + (i % 2))};
    expect(judged(meanIn('x', {max: 1e12 + 0.6}), narrow).verdict).toBe('kept');
    expect(judged(meanIn('x', {max: 1e12 + 0.4}), narrow).verdict).toBe('broken');
  });
});

describe('rows that tell nothing', () => {
  test.each([
    ['no rows', [], 'There was no value to judge.'],
    ['nulls only', times(5_000, () => null), 'There was no value to judge.'],
    ['three rows', [-1, 2, 3], '1 of 3 rows (33.3 %) break it, such as -1; none may. Fewer than 30 rows cannot tell.'],
  ])('%s', (_, values, message) => {
    const columns = [{name: 'x', level: 'feature', values}] as const;
    expect(judgeQuality([served(inRange('x', {min: 0}))], columns)).toMatchObject([
      {verdict: 'insufficient data', message},
    ]);
  });

  test('a column that is not served is said to be missing', () => {
    expect(judged(inRange('y', {min: 0}), {x: [1]})).toMatchObject({
      verdict: 'insufficient data',
      message: "It cannot be judged: 'y' is not among what is served.",
    });
  });
});

test('names of any kind are names', () => {
  for (const name of ['größe', 'a b', "it's", 'constructor', '__proto__', '日本', ''])
    expect(judged(inRange(name, {min: 0}), Object.fromEntries([[name, [-1]]]))).toMatchObject({
      verdict: 'broken',
      subjects: [name],
    });
});

test('a name is a feature before it is a field of the request, unless told', () => {
  const columns = [
    {name: 'x', level: 'input', values: times(40, () => -1)},
    {name: 'x', level: 'feature', values: times(40, () => 1)},
    {...PREDICTION, values: times(40, () => 2)},
  ] as const;
  const checks = [
    served(inRange('x', {min: 0})),
    served(inRange('x', {min: 0}), {level: 'input'}),
    served(inRange('prediction', {max: 1})),
    served(inOrder('x', 'prediction')),
  ];
  expect(judgeQuality(checks, columns).map(({level, verdict}) => [level, verdict])).toEqual([
    ['feature', 'kept'],
    ['input', 'broken'],
    ['prediction', 'broken'],
    ['prediction', 'kept'],
  ]);
});

test('values of a personal field are in no message', () => {
  const columns = [{name: 'income', level: 'feature', personal: true, values: times(200, () => 81_234)}] as const;
  const checks = [
    served(inRange('income', {max: 10})),
    served(varies('income')),
    served(maximumIn('income', {max: 10})),
    served(unique('income')),
  ];
  for (const {verdict, message} of judgeQuality(checks, columns)) {
    expect(verdict).toBe('broken');
    expect(message.replaceAll('\u2009', '')).not.toContain('81234');
  }
});

test('answers of a fallback are counted by the check of fallbacks alone', () => {
  const counters = new QualityCounters(
    [served(nullShare('x', {max: 0})), fallbackShare({max: 0.1})],
    [{name: 'x', level: 'feature'}, FALLBACK],
  );
  for (let i = 0; i < 100; i++) counters.observe(i < 40 ? [null, 'value'] : [1, null]);
  expect(counters.results().map(brief)).toEqual(['kept: 0 of 60', 'broken: 40 of 100']);
  counters.reset();
  expect(counters.results().map(brief)).toEqual(['insufficient data: 0 of 0', 'insufficient data: 0 of 0']);
});

test('a window begins anew after a reset', () => {
  const checks = [unique('x'), distinctIn('x', {min: 1, max: 5}), varies('x'), meanIn('x', {min: 3, max: 3})];
  const all = checks.map(check => served(check, {minRows: 1}));
  const once = new QualityCounters(all, [{name: 'x', level: 'feature'}]);
  const twice = new QualityCounters(all, [{name: 'x', level: 'feature'}]);
  for (let i = 0; i < 300; i++) twice.observe([i]);
  twice.reset();
  for (const counters of [once, twice]) for (let i = 0; i < 40; i++) counters.observe([3]);
  expect(twice.results()).toEqual(once.results());
});

test('long texts are told apart by their ends', () => {
  const long = 'x'.repeat(5_000);
  const columns = {x: [...times(40, i => `${long}${i}`), `${long}7`]};
  expect(brief(judged(unique('x'), columns))).toBe('broken: 1 of 41');
  expect(judged(distinctIn('x', {max: 100}), columns).measured).toBe(40);
  expect(judged(oneOf('x', ['y']), columns).message.length).toBeLessThan(250);
});

test('a million categories take bounded memory', () => {
  const counters = new QualityCounters(
    [distinctIn('x', {min: 2}), distinctIn('x', {max: 50}), served(unique('x'))],
    [{name: 'x', level: 'feature'}],
  );
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 1_000_000; i++) counters.observe([`value number ${i}`]);
  expect(counters.results().map(({verdict}) => verdict)).toEqual(['kept', 'broken', 'kept']);
  globalThis.gc?.();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
});
