import fc from 'fast-check';
import {expect, test} from 'vitest';
import {seededRandom} from './random.ts';
import {sampleIndices, shuffle} from './sampling.ts';

test('a shuffle keeps every item, works in place and repeats with its seed', () => {
  const items = Array.from({length: 50}, (_, i) => i);
  const shuffled = shuffle([...items], seededRandom(3));
  expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  expect(shuffled).not.toEqual(items);
  const typed = Float64Array.from(items);
  expect(shuffle(typed, seededRandom(3))).toBe(typed);
  expect([...typed]).toEqual(shuffled);
});

test('every order of three items is about equally likely', () => {
  const random = seededRandom(4);
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = shuffle(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(165); // 4 standard deviations
});

test('sampled indices are distinct, ascending and in range, whatever is asked for', () => {
  const holds = fc.property(fc.nat(60), fc.nat(80), fc.nat(), (length, count, seed) => {
    const sample = [...sampleIndices(length, count, seededRandom(seed))];
    expect(sample).toHaveLength(Math.min(length, count));
    expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
    expect(sample.every(i => i < length)).toBe(true);
  });
  fc.assert(holds, {seed: 1});
});

test('every index is sampled about equally often', () => {
  const random = seededRandom(5);
  const counts = new Float64Array(10);
  for (let i = 0; i < 10_000; i++) for (const index of sampleIndices(10, 3, random)) counts[index]! += 1;
  for (const count of counts) expect(Math.abs(count - 3000)).toBeLessThan(184); // 4 standard deviations
});
