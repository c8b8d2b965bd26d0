import {expect, test} from 'vitest';
import {StringCodes} from './string-codes.ts';

test('a string keeps its code, and null is NaN', () => {
  const codes = new StringCodes();
  expect([codes.encode('GR'), codes.encode('DE'), codes.encode('GR'), codes.encode('')]).toEqual([0, 1, 0, 2]);
  expect(codes.encode(null)).toBeNaN();
  expect([0, 1, 2, Number.NaN].map(code => codes.decode(code))).toEqual(['GR', 'DE', '', null]);
});

test('codes go on where a saved table ended', () => {
  const codes = new StringCodes(['GR', 'DE']);
  expect(codes.encode('FR')).toBe(2);
  expect(new StringCodes(codes.strings).decode(2)).toBe('FR');
  expect(codes.strings).toEqual(['GR', 'DE', 'FR']);
});
