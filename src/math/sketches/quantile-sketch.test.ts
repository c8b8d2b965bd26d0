import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {shuffle} from '../sampling.ts';
import {QuantileSketch} from './quantile-sketch.ts';

const sketchOf = (values: ArrayLike<number>, k = 200, seed = 1): QuantileSketch => {
  const sketch = new QuantileSketch(k, seed);
  sketch.addAll(Float64Array.from(values));
  return sketch;
};

const mergeOf = (...parts: readonly QuantileSketch[]): QuantileSketch => {
  const whole = QuantileSketch.fromBytes(parts[0]!.toBytes());
  for (const part of parts.slice(1)) whole.merge(part);
  return whole;
};

const ROWS = 60_000;
const SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** Errors of ranks, in shares of the rows, of a sketch of 0 … ROWS - 1 in any order. */
const errorsOf = (sketch: QuantileSketch): number[] =>
  SHARES.map(p => sketch.cdf(Math.floor(p * ROWS) - 1) - Math.floor(p * ROWS) / ROWS);

const shuffled = (seed: number): Float64Array => {
  const values = Float64Array.from({length: ROWS}, (_, i) => i);
  shuffle(values, seededRandom(seed));
  return values;
};

const ORDERS: Readonly<Record<string, (seed: number) => Float64Array>> = {
  ascending: () => Float64Array.from({length: ROWS}, (_, i) => i),
  descending: () => Float64Array.from({length: ROWS}, (_, i) => ROWS - 1 - i),
  'from both ends': () => Float64Array.from({length: ROWS}, (_, i) => (i % 2 ? i >> 1 : ROWS - 1 - (i >> 1))),
  'in blocks of a power of two': () => Float64Array.from({length: ROWS}, (_, i) => ((i % 60) * 1_000 + i / 60) | 0),
  shuffled,
};

describe('a quantile sketch', () => {
  for (const [order, make] of Object.entries(ORDERS))
    test(`has ranks within 1 % of the rows, and no bias: values ${order}`, () => {
      const errors = Array.from({length: 40}, (_, seed) => errorsOf(sketchOf(make(seed), 200, seed + 1))).flat();
      const beyond = errors.filter(error => Math.abs(error) > 0.01).length;
      expect(beyond / errors.length).toBeLessThanOrEqual(0.01);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.0133);
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      expect(Math.abs(mean)).toBeLessThan(0.0007);
    });

  test('keeps that error when it is merged from many parts, in any grouping', () => {
    const errors = Array.from({length: 12}, (_, seed) => {
      const values = shuffled(seed);
      const days = Array.from({length: 30}, (_, day) =>
        sketchOf(values.subarray((day * ROWS) / 30, ((day + 1) * ROWS) / 30), 200, seed * 30 + day),
      );
      const weeks = [0, 1, 2, 3, 4].map(week => mergeOf(...days.slice(week * 6, week * 6 + 6)));
      const [straight, grouped, back] = [mergeOf(...days), mergeOf(...weeks), mergeOf(...days.toReversed())];
      for (const whole of [straight, grouped, back]) {
        expect(whole.count).toBe(ROWS);
        expect(whole.sorted().rows).toBe(ROWS);
        expect([whole.min, whole.max]).toEqual([0, ROWS - 1]);
      }
      return [straight, grouped, back].flatMap(errorsOf);
    }).flat();
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.0133);
  });

  test('merges a large sketch into a small one, and a small one into a large one, without losing a row', () => {
    const large = sketchOf(shuffled(1));
    const parts = fc.array(fc.array(fc.double({noNaN: true}), {maxLength: 700}), {maxLength: 5});
    fc.assert(
      fc.property(parts, fc.nat(5), fc.boolean(), (arrays, place, other) => {
        const sketches = arrays.map((values, i) => sketchOf(values, other && i % 2 ? 64 : 200, i));
        sketches.splice(place, 0, large);
        const whole = mergeOf(...sketches);
        const rows = arrays.reduce((sum, {length}) => sum + length, ROWS);
        expect(whole.count).toBe(rows);
        expect(whole.sorted().rows).toBe(rows);
        expect(whole.toBytes().length).toBeLessThan(6_000);
      }),
      {seed: 1, numRuns: 60},
    );
  });

  test('is exact up to k rows, ties and infinities included', () => {
    const values = fc.array(fc.oneof(fc.integer({min: -3, max: 3}), fc.constantFrom(Infinity, -Infinity)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(values, fc.nat(100), (array, percent) => {
        const sketch = sketchOf(array);
        const sorted = array.toSorted((a, b) => a - b);
        const place = Math.max(0, Math.ceil((percent / 100) * array.length - 1e-9) - 1);
        expect(sketch.quantile(percent / 100)).toBe(sorted[place]);
        for (const x of [-3, 0, 2.5]) {
          expect(sketch.rank(x)).toBe(array.filter(value => value <= x).length);
          expect(sketch.sorted().below(x)).toBe(array.filter(value => value < x).length);
        }
        expect(sketch.effectiveRows).toBe(array.length);
      }),
      {seed: 2},
    );
  });

  test('tells as much as a sample of its effective rows, at least', () => {
    const sketches = Array.from({length: 60}, (_, seed) => sketchOf(shuffled(seed), 200, seed + 9));
    const deviation = Math.sqrt(sketches.reduce((sum, sketch) => sum + (sketch.cdf(ROWS / 2) - 0.5) ** 2, 0) / 60);
    const {effectiveRows} = sketches[0]!;
    expect(effectiveRows).toBeGreaterThan(10_000);
    expect(deviation).toBeLessThan(0.5 / Math.sqrt(effectiveRows));
  });

  test('adds one by one with the same error as a whole column, leaving out NaN', () => {
    const sketch = new QuantileSketch(200, 5);
    for (const value of shuffled(3)) {
      sketch.add(value);
      sketch.add(Number.NaN);
    }
    expect(sketch.count).toBe(ROWS);
    expect(sketch.sorted().rows).toBe(ROWS);
    expect(Math.max(...errorsOf(sketch).map(Math.abs))).toBeLessThan(0.0133);
    expect(sketchOf([1, Number.NaN, 3]).count).toBe(2);
  });

  test('gives the same bytes for the same calls, and goes on from its bytes as if it had never stopped', () => {
    const values = shuffled(4);
    for (const cut of [0, 150, 5_000, 47_123]) {
      const straight = sketchOf(values.subarray(0, cut));
      const resumed = QuantileSketch.fromBytes(sketchOf(values.subarray(0, cut)).toBytes());
      for (const sketch of [straight, resumed]) sketch.addAll(values.subarray(cut));
      expect(resumed.toBytes()).toEqual(straight.toBytes());
    }
  });

  test('holds a few kilobytes for any number of rows', () => {
    expect(sketchOf(shuffled(0)).toBytes().length).toBeLessThan(5_000);
    expect(new QuantileSketch().toBytes().length).toBeLessThan(60);
  });

  test('without rows has no quantile, and refuses what makes no sense', () => {
    const empty = new QuantileSketch();
    expect([empty.quantile(0), empty.quantile(0.5), empty.cdf(1), empty.max]).toEqual([NaN, NaN, NaN, NaN]);
    expect(empty.rank(1)).toBe(0);
    expect(() => new QuantileSketch(2)).toThrow('k must be a whole number from 8 to 65535, got 2');
    expect(() => sketchOf([1]).quantile(50)).toThrow('a quantile must be between 0 and 1, got 50');
    expect(() => QuantileSketch.fromBytes(sketchOf([1, 2]).toBytes().slice(0, -1))).toThrow(
      'are not a quantile sketch',
    );
  });
});
