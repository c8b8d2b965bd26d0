import {describe, expect, test} from 'vitest';
import {metricsOf} from '../../../evaluation/index.ts';
import {type Random, seededRandom} from '../../../math/index.ts';
import {TableProfile} from '../../profiles/table-profile.ts';
import {TextSketch} from '../../profiles/text-sketch.ts';
import {buildTrainingProfile, type TrainingProfile} from '../../profiles/training-profile.ts';
import {judgeQuality, type ServedValues} from '../judge-quality.ts';
import type {ServedValue} from '../tallies/tally.ts';
import {CLEAN_FEATURES, type CleanFeature} from './clean-features.fixture.ts';
import {allowedShare, roundedUp, upperShare} from './share-bounds.ts';
import {type SuggestOptions, suggestChecks} from './suggest-checks.ts';

const times = <T>(count: number, of: (i: number) => T): T[] => Array.from({length: count}, (_, i) => of(i));

type Values = readonly ServedValue[];

/** The profile of a model that was trained with these columns, and predicts them evenly over 0 to 1. */
function profileOf(columns: Readonly<Record<string, Values>>): TrainingProfile {
  const scores = Float64Array.from({length: 2_000}, (_, i) => (i + 0.5) / 2_000);
  const labels = scores.map(score => (score > 0.8 ? 1 : 0));
  return buildTrainingProfile({
    model: 'late',
    version: 3,
    baseRate: 0.2,
    predictions: scores,
    test: metricsOf(scores, labels),
    features: Object.entries(columns).map(([name, values]) => {
      const numeric = values.every(value => typeof value !== 'string');
      return numeric
        ? {
            name,
            kind: 'numeric',
            importance: 0,
            values: Float64Array.from(values, value => (value ?? Number.NaN) as number),
          }
        : {name, kind: 'categorical', importance: 0, values: values as readonly (string | null)[]};
    }),
  });
}

const suggested = (name: string, values: Values, options: SuggestOptions = {}) =>
  suggestChecks(profileOf({[name]: values}), options)
    .filter(({column}) => column === name)
    .map(({code, why}) => `${code} // ${why}`);

describe('suggested of a column', () => {
  test('are its range, its nulls and that it varies, with what was seen', () => {
    expect(
      suggested(
        'distance',
        times(5_000, i => 31 + i),
      ),
    ).toEqual([
      "nullShare('distance', {max: 0.0028}) // 5\u2009000 rows, never null",
      "served(inRange('distance', {min: 0, max: 6_300}), {mostly: 0.9964, severity: 'ticket'}) // 5\u2009000 values, 31 to 5\u2009030",
      "served(varies('distance'), {severity: 'ticket'}) // no value in more than 10 % of 5\u2009000 rows",
    ]);
  });

  test('that is a share stay between 0 and 1', () => {
    expect(
      suggested(
        'late',
        times(1_000, i => i / 999),
      )[1],
    ).toContain("inRange('late', {min: 0, max: 1})");
  });

  test('of whole numbers, and of what is never positive, have bounds like them', () => {
    expect(
      suggested(
        'queue',
        times(1_000, i => i % 10),
      )[1],
    ).toContain("inRange('queue', {min: 0, max: 12})");
    expect(
      suggested(
        'debt',
        times(1_000, i => -i / 100),
      )[1],
    ).toContain("inRange('debt', {min: -12.5, max: 0})");
  });

  test('of few categories are these, where none was seen only once', () => {
    const values = times(1_000, i => (i % 10 === 0 ? "o'hare" : 'JFK'));
    expect(suggested('origin', values)[1]).toBe(
      "served(oneOf('origin', ['JFK', 'o\\'hare']), {mostly: 0.986, severity: 'ticket'}) // 2 values in 1\u2009000 rows, none of them once",
    );
    const rare = times(1_000, i => (i < 3 ? `rare ${i}` : 'usual'));
    expect(suggested('origin', rare)).toHaveLength(1);
  });

  test('of ids and texts are no list', () => {
    expect(
      suggested(
        'id',
        times(1_000, i => `id ${i}`),
      ),
    ).toEqual(["nullShare('id', {max: 0.014}) // 1\u2009000 rows, never null"]);
  });

  test('of more categories than the profile lists come from sketches', () => {
    const values = times(3_000, i => `c${i % 30}`);
    const sketch = new TextSketch();
    for (const value of values) sketch.add(value);
    const sketches = new TableProfile(3_000, [{name: 'c', type: 'text', sketch}]);
    expect(suggested('c', values)).toHaveLength(1);
    expect(suggested('c', values, {sketches})[1]).toContain('30 values in 3\u2009000 rows');
  });

  test('are none where training says little: few rows, nothing but nulls, one value', () => {
    expect(
      suggested(
        'x',
        times(100, i => i),
      ),
    ).toEqual([]);
    expect(
      suggested(
        'x',
        times(5_000, () => null),
      ),
    ).toEqual([]);
    expect(
      suggested(
        'x',
        times(5_000, () => 7),
      ),
    ).toEqual(["nullShare('x', {max: 0.0028}) // 5\u2009000 rows, never null"]);
  });

  test('that tells the time may be the same for a whole window', () => {
    const values = times(5_000, i => i % 24);
    expect(suggested('hour', values)).toHaveLength(3);
    expect(suggested('hour', values, {timely: new Set(['hour'])})).toHaveLength(2);
  });

  test('about a person tell none of its values', () => {
    const personal = new Set(['income', 'town']);
    expect(
      suggested(
        'income',
        times(5_000, i => 81_234 + i),
        {personal},
      ).join(),
    ).not.toMatch(/81\D?234/);
    expect(
      suggested(
        'town',
        times(1_000, i => `t${i % 3}`),
        {personal},
      ),
    ).toHaveLength(1);
  });

  test('are code that makes the very check', async () => {
    const columns = {
      "o'x": times(1_000, i => -i),
      'a\n': times(1_000, i => `"${i % 3}\u2028\\`),
      日本: times(1_000, i => i * 1e7),
    };
    const events = await import('../../../events/index.ts');
    const own = {
      ...(await import('../definitions/expectations.ts')),
      ...(await import('../definitions/quality-check.ts')),
    };
    const scope = {...events, ...own};
    for (const {code, check} of suggestChecks(profileOf(columns))) {
      const made = new Function(...Object.keys(scope), `return served(${code})`)(...Object.values(scope));
      expect(made).toEqual(check);
    }
  });
});

test('of the prediction: that it is a number, a probability, and varies', () => {
  const suggestions = suggestChecks(profileOf({}));
  expect(suggestions.map(({check}) => [check.name, check.severity])).toEqual([
    ['prediction is finite', 'ticket'],
    ['prediction between 0 and 1', 'ticket'],
    ['prediction varies within a window', 'ticket'],
  ]);
});

test('shares leave room above what was seen', () => {
  // Without any in 5,000 rows: 1 - 1e-4 ** (1 / 5000).
  expect(upperShare(0, 5_000)).toBeCloseTo(1 - 1e-4 ** (1 / 5_000), 12);
  expect(upperShare(7, 7)).toBe(1);
  expect(allowedShare(0, 5_000)).toBe(0.0028);
  expect([0, 0.00131, 99.1, 100, 0.3, -1.01].map(roundedUp)).toEqual([0, 0.0014, 100, 100, 0.3, -1.1]);
});

describe('on forty features', () => {
  const draw = (feature: CleanFeature, rows: number, random: Random): Values => times(rows, () => feature.draw(random));
  const train = (rows: number, random: Random) =>
    suggestChecks(
      profileOf(Object.fromEntries(CLEAN_FEATURES.map(feature => [feature.name, draw(feature, rows, random)]))),
    );
  const window = (rows: number, random: Random): ServedValues[] => [
    ...CLEAN_FEATURES.map(feature => ({
      name: feature.name,
      level: 'feature' as const,
      values: draw(feature, rows, random),
    })),
    {name: 'prediction', level: 'prediction', values: times(rows, random)},
  ];

  test('at most one clean window in a hundred breaks any of the checks', () => {
    let [windows, broken] = [0, 0];
    for (const [rows, trainings, each, size] of [
      [600, 6, 10, 400],
      [5_000, 2, 10, 1_000],
      [20_000, 1, 30, 100],
    ] as const)
      for (let seed = 0; seed < trainings; seed++) {
        const random = seededRandom(1_000 * rows + seed);
        const checks = train(rows, random).map(({check}) => check);
        expect(checks.length).toBeGreaterThan(75);
        for (let w = 0; w < each; w++) {
          windows++;
          if (judgeQuality(checks, window(size, random)).some(({verdict}) => verdict === 'broken')) broken++;
        }
      }
    expect(windows).toBe(110);
    expect(broken / windows).toBeLessThanOrEqual(0.01);
  });

  test('what is wrong is found', () => {
    const random = seededRandom(77);
    const checks = train(5_000, random).map(({check}) => check);
    const broken = (name: string, change: (value: ServedValue, i: number) => ServedValue): string[] => {
      const columns = window(1_000, random).map(column =>
        column.name === name ? {...column, values: Array.from(column.values, change)} : column,
      );
      return judgeQuality(checks, columns).flatMap(({verdict, check}) => (verdict === 'broken' ? [check] : []));
    };
    expect(broken('number_0', value => (value === null ? null : Number(value) * 1_000))).toEqual([
      expect.stringContaining('number_0 between'),
    ]);
    expect(broken('number_0', (value, i) => (i % 50 === 0 ? null : value))).toEqual([
      expect.stringContaining('null in'),
    ]);
    expect(broken('number_4', () => 0.5)).toEqual(['number_4 varies within a window']);
    expect(broken('category_5', (value, i) => (i % 50 === 0 ? 'brand new' : value))).toEqual([
      expect.stringContaining('category_5 one of'),
    ]);
    expect(broken('prediction', (value, i) => (i === 9 ? Number.NaN : value))).toEqual(['prediction is finite']);
  });
});
