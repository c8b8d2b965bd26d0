import {expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {chiSquareTest, gTest} from './chi-square-test.ts';

test('with nothing to compare p is 1', () => {
  expect(chiSquareTest([10], [20])).toEqual({statistic: 0, degreesOfFreedom: 0, pValue: 1});
  expect(chiSquareTest([10, 5], [0, 0]).pValue).toBe(1);
  expect(gTest([10], [20])).toEqual({statistic: 0, degreesOfFreedom: 0, pValue: 1});
});

test('chiSquareTest rejects about alpha of the samples without drift', () => {
  const random = seededRandom(2);
  let rejected = 0;
  for (let repeat = 0; repeat < 2000; repeat++) {
    const counts = [new Array<number>(8).fill(0), new Array<number>(8).fill(0)] as const;
    for (let i = 0; i < 400; i++) for (const side of counts) side[Math.floor(random() ** 2 * 8)]! += 1;
    if (chiSquareTest(counts[0], counts[1]).pValue <= 0.05) rejected++;
  }
  expect(Math.abs(rejected / 2000 - 0.05)).toBeLessThan(0.015); // 3 standard deviations
});
