import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compareIds} from './event-order.ts';

/** Strings that meet the hard case often: units just below, inside and above the surrogates. */
const text = fc.oneof(
  fc.string({unit: 'binary', maxLength: 6}),
  fc.string({unit: fc.constantFrom('a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𐀀'), maxLength: 4}),
);

test('ids are ordered as their UTF-8 bytes are', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareIds(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    {numRuns: 2_000, seed: 7},
  );
});

test('a surrogate pair comes after every unit that is written as three bytes', () => {
  expect('😀' < '\uffff').toBe(true); // what JavaScript says
  expect(compareIds('😀', '\uffff')).toBeGreaterThan(0);
});
