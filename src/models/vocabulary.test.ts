import {expect, test} from 'vitest';
import {encodeCategories, learnVocabulary} from './vocabulary.ts';

test('a vocabulary lists the most frequent categories first, ties by name', () => {
  expect(learnVocabulary(['b', 'a', null, 'c', 'c', 'b', 'd'])).toEqual(['b', 'c', 'a', 'd']);
  expect(learnVocabulary(['b', 'a', 'c', 'c'], 2)).toEqual(['c', 'a']);
});

test('a category has its position as code; null and unseen categories are missing', () => {
  expect(encodeCategories(['x', 'y'], ['y', null, 'z', 'x'])).toEqual(Float64Array.of(1, Number.NaN, Number.NaN, 0));
});
