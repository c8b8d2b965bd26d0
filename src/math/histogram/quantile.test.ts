import {expect, test} from 'vitest';
import {quantile, quantileOfSorted, sortedValues} from './quantile.ts';

test('quantile equals numpy.quantile', () => {
  // numpy 2.4.6; i = np.arange(1000); ((i*7919)%1009)/1009
  const values = Array.from({length: 1000}, (_, i) => ((i * 7919) % 1009) / 1009);
  const golden: [number, number][] = [
    [0, 0],
    [0.1, 0.1],
    [0.25, 0.25049554013875125],
    [0.5, 0.5009910802775024],
    [0.999, 0.9980188305252725],
    [1, 0.9990089197224975],
  ];
  for (const [p, value] of golden) expect(quantile(values, p)).toBeCloseTo(value, 12);
  expect(quantile([3, 1, 2, 10], 0.33)).toBeCloseTo(1.99, 12);
});

test('NaN is left out and the input stays as it was', () => {
  const values = [5, Number.NaN, 1];
  expect(quantile(values, 0.5)).toBe(3);
  expect([...sortedValues(values)]).toEqual([1, 5]);
  expect(values).toEqual([5, Number.NaN, 1]);
  expect(quantile([Number.NaN], 0.5)).toBeNaN();
});

test('a quantile among infinities is no NaN', () => {
  expect(quantileOfSorted([-Infinity, -Infinity, 0, Infinity, Infinity], 0.9)).toBe(Infinity);
});

test('a share outside 0 to 1 is refused', () => {
  expect(() => quantile([1], 50)).toThrow('a quantile must be between 0 and 1, got 50');
});
