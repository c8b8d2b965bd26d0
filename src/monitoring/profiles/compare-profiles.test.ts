import {describe, expect, test} from 'vitest';
import {kolmogorovSmirnov, normal, normalisedWasserstein, seededRandom} from '../../math/index.ts';
import {compareProfiles} from './compare-profiles.ts';
import {DRIFT_MEASURES} from './measures.ts';
import {NumericSketch} from './numeric-sketch.ts';
import {edgesOf} from './profile-bins.ts';
import {type ColumnType, TableProfile} from './table-profile.ts';
import {TextSketch} from './text-sketch.ts';

type Values = Float64Array | readonly (string | null)[];

function sketchOf(values: Values, edges: readonly number[] | null, seed: number): NumericSketch | TextSketch {
  if (values instanceof Float64Array) {
    const sketch = new NumericSketch({edges, seed});
    sketch.add(values);
    return sketch;
  }
  const sketch = new TextSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function profileOf(columns: Readonly<Record<string, Values>>, seed = 1, type?: ColumnType): TableProfile {
  return new TableProfile(
    Object.values(columns)[0]!.length,
    Object.entries(columns).map(([name, values], i) => ({
      name,
      type: type ?? (values instanceof Float64Array ? 'number' : 'text'),
      sketch: sketchOf(values, null, seed * 1_000 + i),
    })),
  );
}

const normals = (rows: number, seed: number, mean = 0, spread = 1): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({length: rows}, () => mean + spread * normal(random));
};
const letters = (rows: number, seed: number, of = 6): string[] => {
  const random = seededRandom(seed);
  return Array.from({length: rows}, () => `letter ${Math.floor(of * random() ** 2)}`);
};
const verdicts = (reference: TableProfile, current: TableProfile, except: string[] = []) =>
  Object.fromEntries(
    compareProfiles(reference, current, {except}).columns.map(({column, drift, reason}) => [
      column,
      drift?.verdict ?? reason,
    ]),
  );

describe('profiles compared', () => {
  const reference = profileOf({
    still: normals(20_000, 1),
    moved: normals(20_000, 2),
    letters: letters(20_000, 3),
    others: letters(20_000, 4),
  });

  test('call drift what moved, and stable what did not', () => {
    const current = profileOf({
      still: normals(8_000, 11),
      moved: normals(8_000, 12, 0.5),
      letters: letters(8_000, 13),
      others: letters(8_000, 14).map(letter => (letter === 'letter 0' ? 'letter 9' : letter)),
    });
    expect(verdicts(reference, current)).toEqual({
      still: 'stable',
      moved: 'drift',
      letters: 'stable',
      others: 'drift',
    });
    expect(verdicts(reference, current, ['moved']).moved).toBe('left out by name');
    const [still] = compareProfiles(reference, current).columns;
    expect(still?.drift).toMatchObject({rows: 8_000, nullShare: {reference: 0, current: 0}});
  });

  test('say too little of three rows, and find a column that is all null now', () => {
    const few = profileOf({
      still: normals(3, 5),
      moved: normals(3, 5, 9),
      letters: ['a', 'b', 'c'],
      others: [null, null, 'letter 0'],
    });
    expect(new Set(Object.values(verdicts(reference, few)))).toEqual(new Set(['insufficient data']));
    const nulls = profileOf({
      still: new Float64Array(900).fill(Number.NaN),
      moved: normals(900, 5),
      letters: new Array<null>(900).fill(null),
      others: new Float64Array(900).fill(Number.NaN), // what a file says of an empty column's type means nothing
    });
    const comparison = compareProfiles(reference, nulls);
    expect(comparison.columns.map(({drift}) => drift?.verdict)).toEqual(['drift', 'stable', 'drift', 'drift']);
    expect(comparison.schema).toEqual([]);
  });

  test('name columns that came, went, or hold other things', () => {
    const current = profileOf({still: letters(100, 1), moved: normals(100, 1), extra: normals(100, 1)});
    expect(compareProfiles(reference, current).schema).toEqual([
      {column: 'still', before: 'number', after: 'text'},
      {column: 'letters', before: 'text', after: null},
      {column: 'others', before: 'text', after: null},
      {column: 'extra', before: null, after: 'number'},
    ]);
    expect(verdicts(reference, current).still).toBe('number before, text now');
  });

  test('do not judge times, which differ by nature', () => {
    const times = (seed: number) => profileOf({at: normals(2_000, seed, seed * 1e12)}, 1, 'time');
    expect(verdicts(times(1), times(2))).toEqual({at: 'times differ by nature'});
  });

  test('flag no more than the alpha of clean columns, from sketches of many rows', () => {
    let flagged = 0;
    let below = 0;
    for (let run = 0; run < 60; run++) {
      const base = profileOf({x: normals(30_000, run), y: letters(30_000, run, 100)}, run);
      const next = profileOf({x: normals(30_000, run + 500), y: letters(30_000, run + 500, 100)}, run + 500);
      for (const {drift} of compareProfiles(base, next).columns) {
        if (drift?.verdict !== 'stable') flagged++;
        if ((drift?.pValue ?? 1) < 0.05) below++;
      }
    }
    expect(flagged).toBe(0);
    expect(below).toBeLessThanOrEqual(14); // 6 expected of 120
  });

  test('do not judge names that hardly come twice, but see that they are missing', () => {
    const ids = (from: number) => Array.from({length: 30_000}, (_, i) => `order ${from + i}`);
    const before = profileOf({id: ids(0)});
    expect(verdicts(before, profileOf({id: ids(1e6)})).id).toBe('no value comes often: names or free text');
    const gaps = ids(1e6).map((id, i) => (i % 3 === 0 ? null : id));
    expect(verdicts(before, profileOf({id: gaps})).id).toBe('drift');
  });

  test('take exact counts where both sides were counted over the same edges', () => {
    const edges = [-1, 0, 1];
    const exact = (seed: number) =>
      new TableProfile(50_000, [{name: 'x', type: 'number', sketch: sketchOf(normals(50_000, seed), edges, seed)}]);
    const [column] = compareProfiles(exact(1), exact(2)).columns;
    expect(column?.bins?.edges).toEqual(edges);
    expect(column?.bins?.reference.counts.reduce((sum, count) => sum + count, 0)).toBe(50_000);
  });
});

describe('measures on sketches', () => {
  const before = normals(40_000, 1);
  const after = normals(25_000, 2, 0.3, 1.2);
  const {columns} = compareProfiles(profileOf({x: before}), profileOf({x: after}, 2), {measures: DRIFT_MEASURES});
  const measured = new Map(columns[0]!.measures.map(({measure, ...rest}) => [measure, rest]));

  test('are near those of the rows', () => {
    const exact = kolmogorovSmirnov(before, after);
    expect(Math.abs(measured.get('kolmogorov-smirnov')!.value - exact.statistic)).toBeLessThan(0.015);
    expect(measured.get('kolmogorov-smirnov')!.pValue).toBeLessThan(1e-9);
    expect(Math.abs(measured.get('wasserstein')!.value - normalisedWasserstein(before, after))).toBeLessThan(0.03);
    const edges = edgesOf(sketchOf(before, null, 1_000) as NumericSketch);
    const shares = (values: Float64Array) =>
      [...edges, Infinity].map(
        (edge, i) => values.filter(v => v < edge && v >= (edges[i - 1] ?? -Infinity)).length / values.length,
      );
    const [r, c] = [shares(before), shares(after)];
    const variation = r.reduce((sum, share, i) => sum + Math.abs(share - c[i]!), 0) / 2;
    expect(Math.abs(measured.get('total-variation')!.value - variation)).toBeLessThan(0.02);
    const largest = Math.max(...r.map((share, i) => Math.abs(share - c[i]!)));
    expect(Math.abs(measured.get('l-infinity')!.value - largest)).toBeLessThan(0.015);
    expect(measured.get('psi')!.value).toBeGreaterThan(0.08);
    expect([...measured.keys()]).toEqual([...DRIFT_MEASURES]);
  });

  test('are exact while sketches hold all rows', () => {
    const [a, b] = [normals(150, 3), normals(120, 4, 0.4)];
    const [x] = compareProfiles(profileOf({x: a}), profileOf({x: b}), {measures: DRIFT_MEASURES}).columns;
    const of = (name: string) => x!.measures.find(({measure}) => measure === name)!;
    expect(of('kolmogorov-smirnov').value).toBeCloseTo(kolmogorovSmirnov(a, b).statistic, 12);
    // That one divides by the deviation of n, this one by that of n - 1.
    expect(of('wasserstein').value).toBeCloseTo(normalisedWasserstein(a, b) * Math.sqrt(149 / 150), 10);
  });

  test('of texts leave out what needs an order', () => {
    const [x] = compareProfiles(profileOf({x: ['a', 'b']}), profileOf({x: ['b']}), {measures: DRIFT_MEASURES}).columns;
    expect(x?.measures.map(({measure}) => measure)).not.toContain('wasserstein');
    expect(x?.measures).toHaveLength(7);
  });
});

test('stored profiles of a million rows and fifty columns are read and compared in less than 100 ms', () => {
  const profile = (seed: number): string => {
    const sketches = [0, 1, 2, 3].map(kind => {
      const values = normals(250_000, seed + kind);
      const sketch = new NumericSketch({seed});
      for (let quarter = 0; quarter < 4; quarter++) sketch.add(values);
      return sketch;
    });
    const texts = new TextSketch();
    for (const letter of letters(2_000, seed, 400)) texts.add(letter, 500);
    return JSON.stringify(
      new TableProfile(
        1_000_000,
        Array.from({length: 50}, (_, i) => ({
          name: `column ${i}`,
          type: i < 40 ? 'number' : 'text',
          sketch: i < 40 ? sketches[i % 4]! : texts,
        })),
      ),
    );
  };
  const [a, b] = [profile(1), profile(2)];
  const once = () => compareProfiles(TableProfile.fromJSON(JSON.parse(a)), TableProfile.fromJSON(JSON.parse(b)));
  // The quickest of a few: other work on the machine is not what is measured.
  const times = [0, 1, 2, 3].map(() => {
    const from = performance.now();
    expect(once().columns).toHaveLength(50);
    return performance.now() - from;
  });
  expect(Math.min(...times)).toBeLessThan(100);
});
