import {expect, test} from 'vitest';
import {countCategories, emptyCategoryCounts, mergeCategoryCounts, topCategories} from './categories.ts';

test('the top categories are the most frequent, ties in order of their text', () => {
  expect(topCategories(['b', 'c', 'a', 'c', null, null, null, 'b', 'd'], 3)).toEqual(['b', 'c', 'a']);
  expect(topCategories([null], 3)).toEqual([]);
});

test('values outside the list count as other, nulls apart', () => {
  expect(countCategories(['a', 'b', 'x', null, 'a', '__proto__'], ['a', 'b', 'z'])).toEqual({
    categories: ['a', 'b', 'z'],
    counts: [2, 1, 0],
    other: 2,
    nulls: 1,
  });
});

test('merging parts gives the counts of the whole', () => {
  const whole = countCategories(['a', 'x', null, 'b'], ['a', 'b']);
  expect(
    mergeCategoryCounts(countCategories(['a', 'x'], ['a', 'b']), countCategories([null, 'b'], ['a', 'b'])),
  ).toEqual(whole);
  expect(mergeCategoryCounts(whole, emptyCategoryCounts(['a', 'b']))).toEqual(whole);
  expect(() => mergeCategoryCounts(whole, emptyCategoryCounts(['b', 'a']))).toThrow('same categories');
});
