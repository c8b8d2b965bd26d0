import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseTime} from './parse-time.ts';

test.each([
  ['2024-05-01', Date.UTC(2024, 4, 1)],
  ['2024-05-01T12:00Z', Date.UTC(2024, 4, 1, 12)],
  ['2024-05-01 12:00:00.1239+02:00', Date.UTC(2024, 4, 1, 10, 0, 0, 123)],
  ['2024-05-01T12:00:00-0230', Date.UTC(2024, 4, 1, 14, 30)],
  ['1960-02-29T00:00:00Z', Date.UTC(1960, 1, 29)],
])('%s is read as UTC milliseconds', (text, expected) => expect(parseTime(text)).toBe(expected));

test.each([
  ['a local time', '2024-05-01T12:00:00'],
  ['30 February', '2024-02-30T00:00:00Z'],
  ['hour 25', '2024-05-01T25:00:00Z'],
  ['a month in words', '1 May 2024'],
  ['digits', '1714521600000'],
  ['nothing', ''],
])('%s is no time', (_, text) => expect(parseTime(text)).toBeUndefined());

test('every instant survives its ISO text', () => {
  const instants = fc.date({min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true});
  fc.assert(
    fc.property(instants, date => {
      expect(parseTime(date.toISOString())).toBe(date.getTime());
    }),
    {seed: 1},
  );
});
