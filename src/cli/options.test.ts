import {expect, test} from 'vitest';
import {portNumber, positiveInteger, utcTime} from './options.ts';

test('a time is a day in UTC or an ISO time that names its zone', () => {
  expect(utcTime('2001-04-01')).toBe(Date.UTC(2001, 3, 1));
  expect(utcTime('2001-04-01T06:30Z')).toBe(Date.UTC(2001, 3, 1, 6, 30));
  expect(utcTime('2001-04-01T06:30:00+02:00')).toBe(Date.UTC(2001, 3, 1, 4, 30));
});

// A local time would mean another moment on another machine.
test.each(['2001-04-01T06:30', '1 April 2001', '2001-13-01', '986083200000', ''])('%j is no time', text => {
  expect(() => utcTime(text)).toThrow('It must be a day');
});

test('a count is a whole number above 0, with separators if one likes', () => {
  expect(positiveInteger('300_000')).toBe(300_000);
  for (const text of ['0', '-1', '1.5', 'many', '', '1e400'])
    expect(() => positiveInteger(text)).toThrow('whole number');
});

test('a port lies between 0 and 65535', () => {
  expect(portNumber('0')).toBe(0);
  for (const text of ['65536', '-1', 'http', '']) expect(() => portNumber(text)).toThrow('It must be a port');
});
