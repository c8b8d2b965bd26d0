import fc from 'fast-check';
import {expect, test} from 'vitest';
import {keyOf} from './view-state.ts';

test('two different pairs never share a key', () => {
  const part = fc.string({unit: fc.constantFrom('a', '\u001e', '\u001f', '1'), maxLength: 2});
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      expect(keyOf([a, b])).not.toBe(keyOf([c, d]));
    }),
    {numRuns: 20_000, seed: 2},
  );
});

test('a key with a null part is no key', () => {
  expect([keyOf([null]), keyOf(['a', null]), keyOf([null, 'a'])]).toEqual([null, null, null]);
  expect([keyOf(['']), keyOf([0]), keyOf(['', ''])]).toEqual(['', '0', '\u001f']);
});
