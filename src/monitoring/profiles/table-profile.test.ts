import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {normal, seededRandom, standardDeviation} from '../../math/index.ts';
import {NumericSketch} from './numeric-sketch.ts';
import {mergeProfiles, type ProfiledColumn, TableProfile} from './table-profile.ts';
import {TextSketch} from './text-sketch.ts';

const numeric = (values: readonly number[], edges: readonly number[] | null = null): NumericSketch => {
  const sketch = new NumericSketch({edges});
  sketch.add(Float64Array.from(values));
  return sketch;
};
const text = (values: readonly (string | null)[]): TextSketch => {
  const sketch = new TextSketch();
  for (const value of values) sketch.add(value);
  return sketch;
};
const back = (profile: TableProfile): TableProfile => TableProfile.fromJSON(JSON.parse(JSON.stringify(profile)));

describe('a sketch of numbers', () => {
  test('counts values, nulls and infinities, and has their moments', () => {
    const sketch = numeric([1, Number.NaN, 3, Infinity, -Infinity, 8], [2, 5]);
    expect([sketch.count, sketch.nulls, sketch.infinite]).toEqual([5, 1, 2]);
    expect(sketch.summary).toMatchObject({count: 3, mean: 4, min: 1, max: 8});
    expect(sketch.bins?.counts).toEqual([2, 1, 2]);
    expect(sketch.distinct.estimate()).toBe(5);
    expect([sketch.quantiles.min, sketch.quantiles.max]).toEqual([-Infinity, Infinity]);
  });

  test('merges parts to what one pass gives, but for rounding', () => {
    const values = fc.array(fc.oneof(fc.double({min: -1e6, max: 1e6}), fc.constantFrom(Number.NaN, Infinity)), {
      maxLength: 90,
    });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const merged = numeric(a, [0, 10]);
        merged.merge(numeric(b, [0, 10]));
        const whole = numeric([...a, ...b], [0, 10]);
        expect([merged.count, merged.nulls, merged.infinite]).toEqual([whole.count, whole.nulls, whole.infinite]);
        expect(merged.bins).toEqual(whole.bins);
        expect(merged.distinct.toBytes()).toEqual(whole.distinct.toBytes());
        expect(merged.summary.mean).toBeCloseTo(whole.summary.mean, 6);
        if (whole.summary.count > 1)
          expect(standardDeviation(merged.summary) / (standardDeviation(whole.summary) || 1)).toBeCloseTo(
            standardDeviation(whole.summary) === 0 ? 0 : 1,
            6,
          );
        for (const p of [0, 0.3, 0.5, 1]) expect(merged.quantiles.quantile(p)).toBe(whole.quantiles.quantile(p));
      }),
      {seed: 1},
    );
  });

  test('keeps exact counts only where both parts have the same edges', () => {
    const merged = numeric([1], [0, 10]);
    merged.merge(numeric([1], [0, 11]));
    expect(merged.bins).toBeNull();
  });

  test('counts over many edges as over few', () => {
    const values = Array.from({length: 500}, (_, i) => (i * 37) % 101);
    const edges = Array.from({length: 30}, (_, i) => i * 3);
    const few = numeric(values, edges.slice(0, 10));
    expect(numeric(values, edges).bins?.counts.slice(0, 10)).toEqual(few.bins?.counts.slice(0, 10));
  });
});

describe('a sketch of texts', () => {
  test('counts values, nulls and lengths, merged as in one pass', () => {
    const merged = text(['b', null, 'émile']);
    merged.merge(text(['', 'b', null]));
    const whole = text(['b', null, 'émile', '', 'b', null]);
    expect(merged.toJSON()).toEqual(whole.toJSON());
    expect([whole.count, whole.nulls, whole.shortest, whole.longest]).toEqual([4, 2, 0, 5]);
    expect(whole.distinct.estimate()).toBe(3);
    expect(whole.frequent.items(1)).toEqual([{value: 'b', count: 2}]);
  });

  test('keeps the beginning of a long text, and counts it as what it is', () => {
    const sketch = text(['a'.repeat(5_000), `${'a'.repeat(4_999)}b`]);
    expect(sketch.longest).toBe(5_000);
    expect(sketch.distinct.estimate()).toBe(2);
    expect(JSON.stringify(sketch).length).toBeLessThan(500);
  });
});

describe('a profile of a table', () => {
  const column = (name: string, sketch: NumericSketch | TextSketch): ProfiledColumn => ({
    name,
    type: sketch.kind === 'numeric' ? 'number' : 'text',
    sketch,
  });

  test('merges partitions whose columns come and go: what was not there is null', () => {
    const monday = new TableProfile(3, [column('a', numeric([1, 2, 3])), column('old', text(['x', 'x', null]))]);
    const tuesday = new TableProfile(2, [column('a', numeric([4, Number.NaN])), column('new', numeric([7, 8]))]);
    const both = mergeProfiles([monday, tuesday]);
    expect(both.rows).toBe(5);
    expect(both.columns.map(({name, sketch}) => [name, sketch.count, sketch.nulls])).toEqual([
      ['a', 4, 1],
      ['old', 2, 3],
      ['new', 2, 3],
    ]);
    expect([monday.rows, monday.column('old')?.sketch.nulls]).toEqual([3, 1]);
  });

  test('comes back from JSON, columns with odd names and without a value included', () => {
    const profile = new TableProfile(2, [
      column('__proto__', numeric([1, Infinity])),
      column('a "b"\n', text([null, null])),
      column('', numeric([Number.NaN, Number.NaN])),
    ]);
    expect(back(profile).toJSON()).toEqual(profile.toJSON());
    expect(back(profile).column('__proto__')?.sketch.count).toBe(2);
    expect(mergeProfiles([back(profile), profile]).rows).toBe(4);
  });

  test('refuses to add numbers to texts', () => {
    const parts = [new TableProfile(1, [column('a', numeric([1]))]), new TableProfile(1, [column('a', text(['x']))])];
    expect(() => mergeProfiles(parts)).toThrow("'a' holds numbers in one profile and texts in another");
  });

  test('of a month is merged in milliseconds from those of its days', () => {
    const random = seededRandom(3);
    const days = Array.from({length: 30}, () => {
      const values = Array.from({length: 2_000}, () => normal(random));
      return new TableProfile(
        2_000,
        Array.from({length: 20}, (_, i) =>
          column(`c${i}`, i < 15 ? numeric(values) : text(values.map(v => v.toFixed(1)))),
        ),
      );
    });
    mergeProfiles(days);
    const from = performance.now();
    const month = mergeProfiles(days);
    // 600 sketches; measured: 15 ms.
    expect(performance.now() - from).toBeLessThan(500);
    expect(month.column('c3')?.sketch.count).toBe(60_000);
  });
});
