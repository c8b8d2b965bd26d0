import fc from 'fast-check';
import {expect, test} from 'vitest';
import {ascendingOrder} from './order.ts';
import {seededRandom} from './random.ts';

const naive = (values: number[]): number[] =>
  values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || signed(values[a]!) - signed(values[b]!) || a - b);
const signed = (x: number): number => (Object.is(x, -0) ? -1 : 0);

test('the order is that of a stable comparison sort, infinities and signed zeros included', () => {
  const value = fc.oneof(fc.double({noNaN: true, noDefaultInfinity: true}), fc.constantFrom(0, -0, 1, -1, 5e-324));
  const agrees = fc.property(fc.array(value), values => {
    expect([...ascendingOrder(values)]).toEqual(naive(values));
  });
  fc.assert(agrees, {seed: 1});
  expect([...ascendingOrder([Infinity, 0, -Infinity, -0])]).toEqual([2, 3, 1, 0]);
});

test('NaN is refused with its place', () => {
  expect(() => ascendingOrder([1, Number.NaN])).toThrow('cannot order NaN, found at index 1');
});

test('a million and a half values come out sorted', () => {
  const random = seededRandom(1);
  const values = Float64Array.from({length: 1_500_000}, () => random() - 0.5);
  const sorted = Float64Array.from(values).sort();
  expect(ascendingOrder(values).every((index, i) => values[index] === sorted[i])).toBe(true);
});
