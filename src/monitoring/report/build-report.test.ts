import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {NumericSketch} from '../profiles/numeric-sketch.ts';
import {type ColumnType, TableProfile} from '../profiles/table-profile.ts';
import {TextSketch} from '../profiles/text-sketch.ts';
import {buildReport} from './build-report.ts';
import {htmlReport} from './html-report.ts';
import type {TableReport} from './table-report.ts';
import {figure, listed, probability, share} from './words.ts';

type Values = Float64Array | readonly (string | null)[];

function profileOf(columns: Readonly<Record<string, Values>>, types: Readonly<Record<string, ColumnType>> = {}) {
  const profiled = Object.entries(columns).map(([name, values]) => {
    if (!(values instanceof Float64Array)) {
      const sketch = new TextSketch();
      for (const value of values) sketch.add(value);
      return {name, type: types[name] ?? ('text' as const), sketch};
    }
    const sketch = new NumericSketch();
    sketch.add(values);
    return {name, type: types[name] ?? ('number' as const), sketch};
  });
  return new TableProfile(Object.values(columns)[0]?.length ?? 0, profiled);
}

const ROWS = 3_000;
const numbers = (seed: number, mean = 10, rows = ROWS): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({length: rows}, () => mean + normal(random));
};
const texts = (seed: number, rows = ROWS): string[] => {
  const random = seededRandom(seed);
  return Array.from({length: rows}, () => ['a', 'b', 'c'][Math.floor(3 * random())]!);
};
const nulls = new Float64Array(ROWS).fill(Number.NaN);

const report = (before: TableProfile, now: TableProfile, settings = {}): TableReport =>
  buildReport({name: 'before.csv', profile: before}, {name: 'now.csv', profile: now}, settings);

describe('a report', () => {
  const before = {
    still: numbers(1),
    far: numbers(2),
    near: numbers(3),
    kind: texts(4),
    gone: texts(5),
    wide: numbers(6),
  };

  test('says there is nothing to see where there is not', () => {
    const {verdict, sentence, quality} = report(
      profileOf({x: numbers(1), y: texts(2)}),
      profileOf({x: numbers(3), y: texts(4)}),
    );
    expect([verdict, sentence, quality]).toEqual(['nothing to see', 'Nothing to see: none of 2 columns drifts.', []]);
  });

  test('puts what matters first, in words with figures', () => {
    const now = profileOf({
      still: numbers(11),
      near: numbers(13, 10.45),
      far: numbers(12, 13),
      kind: texts(14).map(text => (text === 'a' ? 'd' : text)),
      fresh: numbers(15),
      wide: nulls,
    });
    const {verdict, sentence, columns, quality} = report(profileOf(before), now);
    expect(verdict).toBe('broken');
    expect(columns.map(({column}) => column).slice(-2)).toEqual(['near', 'still']);
    expect(new Set(columns.slice(0, 3).map(({column}) => column))).toEqual(new Set(['wide', 'kind', 'far']));
    expect(sentence).toMatch(/^2 columns are broken: gone and wide\. 4 of 5 columns drift: /);
    const words = new Map(columns.map(found => [found.column, found.words]));
    expect(words.get('far')).toMatch(/(median|mean|percentile) (9\.9|10|8\.3|11\.[67]).* → 1[134]/);
    expect(words.get('kind')).toMatch(/'a' 3\d(\.\d)? % → 0 %/);
    expect(words.get('wide')).toBe('nulls 0 % → 100 %');
    expect(quality.map(({column, severity, message}) => [column, severity, message])).toEqual([
      ['gone', 'broken', 'gone; was of type text'],
      ['wide', 'broken', 'all 3000 rows are null; 0 % before'],
      ['fresh', 'watch', 'new column of type number'],
      ['kind', 'watch', expect.stringMatching(/^3\d(\.\d)? % of values were never seen before, such as 'd'$/)],
    ]);
  });

  test('calls constant, negative, infinite and missing what was not', () => {
    const base = profileOf({a: numbers(1), b: numbers(2), c: numbers(3), d: texts(4)});
    const now = profileOf({
      a: new Float64Array(ROWS).fill(7),
      b: numbers(5).map((v, i) => (i === 0 ? -5 : v)),
      c: numbers(6).map((v, i) => (i < 2 ? Infinity : v)),
      d: texts(7).map((v, i) => (i % 10 === 0 ? null : v)),
    });
    expect(report(base, now).quality.map(({column, severity, message}) => `${column} ${severity}: ${message}`)).toEqual(
      [
        expect.stringMatching(/^a broken: always 7; had [\d.]+ to [\d.]+ before$/),
        'b watch: negative values, down to −5; none were before',
        'c watch: 2 rows infinite; none were before',
        'd watch: nulls rose from 0 % to 10 %',
      ],
    );
  });

  test('raises nothing over three rows, however odd', () => {
    const three = profileOf({
      still: numbers(1, 900, 3),
      far: numbers(1, 1, 3).fill(0),
      near: nulls.subarray(0, 3),
      kind: ['z', 'z', 'z'],
      gone: texts(5, 3),
      wide: numbers(6, 0, 3),
    });
    const {verdict, sentence, columns} = report(profileOf(before), three);
    expect(columns.every(found => found.verdict === 'insufficient data')).toBe(true);
    expect(verdict).toBe('watch');
    expect(sentence).toBe('Too few rows for a verdict (3 rows). Worth a look: wide.');
    expect(report(profileOf({x: numbers(1, 9, 3)}), profileOf({x: numbers(2, 9)})).sentence).toBe(
      'Too few rows for a verdict (3 rows in the reference).',
    );
  });

  test('does not let an empty file pass', () => {
    const {verdict, sentence} = report(
      profileOf({x: numbers(1), y: texts(1)}),
      profileOf({x: numbers(1, 9, 0), y: []}),
    );
    expect([verdict, sentence]).toEqual(['broken', 'There are no current rows.']);
  });

  test('does not miss a target that is not known yet', () => {
    const all = profileOf({x: numbers(1), bought: numbers(2)});
    const unknown = profileOf({x: numbers(3), bought: nulls});
    const {verdict, columns} = report(all, unknown, {pending: ['bought']});
    expect(verdict).toBe('nothing to see');
    expect(columns.find(({column}) => column === 'bought')?.words).toBe('not known yet');
    const half = profileOf({x: numbers(3), bought: numbers(4).map((v, i) => (i % 2 ? v : Number.NaN))});
    const found = report(all, half, {pending: ['bought']}).columns.find(({column}) => column === 'bought');
    expect([found?.verdict, report(all, half).columns[0]?.verdict]).toEqual(['stable', 'drift']);
    expect(report(all, profileOf({x: numbers(3)}), {pending: ['bought']}).verdict).toBe('nothing to see');
  });

  test('tells when rows are from by their only column of times', () => {
    const at = (day: number) =>
      profileOf({at: Float64Array.of(day * 86_400_000, (day + 1) * 86_400_000)}, {at: 'time'});
    expect(report(at(10_000), at(10_030)).current).toEqual({
      name: 'now.csv',
      rows: 2,
      from: 10_030 * 86_400_000,
      to: 10_031 * 86_400_000,
    });
  });

  test('is plain JSON: nothing in it is NaN or infinite', () => {
    const empty = profileOf({x: new Float64Array(0), y: []});
    for (const made of [report(empty, empty), report(profileOf(before), empty), report(empty, profileOf(before))])
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});

describe('its page', () => {
  const odd = '<script>alert("x")</script> & \'co\'';
  const page = htmlReport(
    report(
      profileOf({[odd]: texts(1), n: numbers(1)}),
      profileOf({
        [odd]: texts(2).map(text => (text === 'a' ? '<img src=x onerror=alert(1)>' : text)),
        n: numbers(2, 15),
      }),
    ),
  );

  test('shows what is in the data as text, and runs nothing', () => {
    expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(page).toContain('&#60;script&#62;');
    expect(page).not.toMatch(/<[^>]* (src|href)=/);
    expect(page).toContain("default-src 'none'");
  });

  test('has a verdict, a picture of each column, and both sides with their rows', () => {
    expect(page).toMatch(/▲ Drift<\/span> 2 of 2 columns drift/);
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page).toContain('3000 rows');
    expect(page).toMatch(/aria-label="Distribution of n, before and now"/);
  });

  test('closes what it opens', () => {
    for (const tag of ['main', 'table', 'tr', 'td', 'svg', 'g', 'section', 'div', 'span', 'details', 'dl'])
      expect([tag, page.split(`</${tag}>`).length], tag).toEqual([tag, page.split(new RegExp(`<${tag}[\\s>]`)).length]);
  });
});

test('figures have three digits and groups of three', () => {
  expect([0, 1234, 12_345, 0.04213, -2.5, 1.2e12, 3e-7, null, Infinity, 99.96].map(figure)).toEqual([
    '0',
    '1234',
    '12\u202f345',
    '0.0421',
    '−2.5',
    '1.20e+12',
    '3.00e−7',
    '–',
    '∞',
    '100',
  ]);
  expect([0, 0.0004, 0.179, 1].map(share)).toEqual(['0 %', '< 0.1 %', '17.9 %', '100 %']);
  expect([null, 0.0001, 0.0341, 1].map(probability)).toEqual(['–', '< 0.001', '0.034', '1']);
  expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});
