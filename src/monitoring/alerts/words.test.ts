import {expect, test} from 'vitest';
import {figure, listWords, percent, windowWords} from './words.ts';

const time = (day: number, hour = 0) => Date.UTC(2001, 3, day, hour);

test('windows read as days where they are days, else with hours', () => {
  expect(windowWords({from: time(1), to: time(2)})).toBe('1 April 2001');
  expect(windowWords({from: time(1), to: time(8)})).toBe('1 April to 7 April');
  expect(windowWords({from: time(1, 6), to: time(1, 12)})).toBe('1 April 06:00 to 12:00 UTC');
  expect(windowWords({from: time(1, 18), to: time(2, 6)})).toBe('1 April 18:00 to 2 April 06:00 UTC');
  expect(windowWords({from: time(1, 18), to: time(2)})).toBe('1 April 18:00 to 2 April 00:00 UTC');
});

test('windows are told by the clocks of the zone, which is named where it matters', () => {
  const zone = 'Europe/Athens';
  expect(windowWords({from: time(1, -3), to: time(1, 21)}, zone)).toBe('1 April 2001');
  expect(windowWords({from: time(1, 22), to: time(1, 23)}, zone)).toBe('2 April 01:00 to 02:00 (Europe/Athens)');
  // A day of 23 hours.
  expect(windowWords({from: time(-6, -2), to: time(-6, 21)}, zone)).toBe('25 March 2001');
});

test('figures have three significant digits and thin spaces', () => {
  expect([0.74123, 1.3229, 41.666, 18_400, 0, 999.6, 1_234_567].map(figure)).toEqual([
    '0.741',
    '1.32',
    '41.7',
    '18\u2009400',
    '0',
    '1000',
    '1\u2009234\u2009567',
  ]);
  expect(percent(0.0476)).toBe('4.76 %');
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
