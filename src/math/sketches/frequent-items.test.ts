import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {FrequentItems} from './frequent-items.ts';

function naive(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sketchOf(values: readonly string[], capacity: number): FrequentItems {
  const sketch = new FrequentItems(capacity);
  for (const value of values) sketch.add(value);
  return sketch;
}

/** All that is promised about a sketch of these values. */
function expectWithinBounds(sketch: FrequentItems, values: readonly string[]): void {
  const truth = naive(values);
  expect(sketch.rows).toBe(values.length);
  const items = sketch.items();
  expect(items.length).toBeLessThanOrEqual(sketch.capacity);
  expect(sketch.error).toBeLessThanOrEqual(values.length / (sketch.capacity + 1));
  for (const [value, count] of truth) {
    expect(sketch.countOf(value)).toBeLessThanOrEqual(count);
    expect(sketch.countOf(value)).toBeGreaterThanOrEqual(count - sketch.error);
  }
  if (truth.size <= sketch.capacity) expect(new Map(items.map(({value, count}) => [value, count]))).toEqual(truth);
}

const values = fc.array(
  fc.nat(25).map(i => `v${i}`),
  {maxLength: 120},
);

describe('frequent items', () => {
  test('keep their bounds on any stream and any merge of parts, in either grouping', () => {
    fc.assert(
      fc.property(values, values, values, fc.integer({min: 1, max: 30}), (a, b, c, capacity) => {
        expectWithinBounds(sketchOf(a, capacity), a);
        const left = sketchOf(a, capacity);
        left.merge(sketchOf(b, capacity));
        left.merge(sketchOf(c, capacity));
        const rest = sketchOf(b, capacity);
        rest.merge(sketchOf(c, capacity));
        const right = sketchOf(a, capacity);
        right.merge(rest);
        for (const merged of [left, right]) expectWithinBounds(merged, [...a, ...b, ...c]);
      }),
      {seed: 5},
    );
  });

  test('find every frequent value among a hundred thousand that come once, whatever the order', () => {
    const random = seededRandom(2);
    const often = Array.from({length: 60_000}, (_, i) => `often${i % 20}`);
    const once = Array.from({length: 100_000}, (_, i) => `once${i}`);
    const mixed = [...often, ...once].sort(() => random() - 0.5);
    for (const stream of [[...often, ...once], [...once, ...often], mixed]) {
      const sketch = sketchOf(stream, 100);
      expect(sketch.error).toBeLessThanOrEqual(160_000 / 101);
      expect(
        sketch
          .items(20)
          .map(({value}) => value)
          .sort(),
      ).toEqual([...new Set(often)].sort());
    }
  });

  test('count a value that comes many times at once as often', () => {
    const sketch = new FrequentItems(3);
    sketch.add('a', 5);
    sketch.add('__proto__', 2);
    sketch.add('a');
    expect(sketch.items()).toEqual([
      {value: 'a', count: 6},
      {value: '__proto__', count: 2},
    ]);
  });

  test('come back from JSON and go on as before', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const one = sketchOf(before, 7);
        const two = FrequentItems.fromJSON(JSON.parse(JSON.stringify(one)));
        expect(two.toJSON()).toEqual(one.toJSON());
        for (const value of after) for (const sketch of [one, two]) sketch.add(value);
        expect(two.toJSON()).toEqual(one.toJSON());
      }),
      {seed: 6},
    );
  });

  test('refuse a capacity of nothing', () => {
    expect(() => new FrequentItems(0)).toThrow('capacity must be a whole number above 0, got 0');
  });
});
