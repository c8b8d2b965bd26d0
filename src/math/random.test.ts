import {expect, test} from 'vitest';
import {normal, seededRandom, xoshiro128} from './random.ts';

const draw = <T>(count: number, next: () => T): T[] => Array.from({length: count}, next);

test('xoshiro128++ gives the words of its reference implementation', () => {
  // xoshiro128plusplus.c by Blackman and Vigna from the state 1, 2, 3, 4, as in the tests of rand_xoshiro.
  expect(draw(10, xoshiro128([1, 2, 3, 4]).uint32)).toEqual([
    641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
  ]);
});

test('a seed fills the state by splitmix64', () => {
  // rand 0.10, Xoshiro128PlusPlus::seed_from_u64(0).
  expect(draw(6, seededRandom(0).uint32)).toEqual([
    1179900579, 1938959192, 3089844957, 3657088315, 1015453891, 479942911,
  ]);
});

test('the same seed repeats and neighbouring seeds differ', () => {
  expect(draw(5, seededRandom(7))).toEqual(draw(5, seededRandom(7)));
  expect(draw(5, seededRandom(7))).not.toEqual(draw(5, seededRandom(8)));
  expect(draw(5, seededRandom(-1))).not.toEqual(draw(5, seededRandom(1)));
});

test('a seed that is no safe integer is refused', () => {
  expect(() => seededRandom(0.5)).toThrow('a seed must be a safe integer, got 0.5');
});

test('draws fill [0, 1) evenly', () => {
  const random = seededRandom(1);
  const counts = new Float64Array(100);
  for (let i = 0; i < 200_000; i++) counts[Math.floor(random() * 100)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  expect(chiSquare).toBeLessThan(148.2); // scipy.stats.chi2.isf(0.001, 99) = 148.23
});

test('normal draws have the moments of a standard normal', () => {
  const random = seededRandom(2);
  const values = draw(100_000, () => normal(random));
  const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / values.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.01);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(moment(3))).toBeLessThan(0.04);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
});
