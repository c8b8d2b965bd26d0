import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type Calendar, seasonalSpans, windowOf} from './calendar.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = [
  'UTC',
  'Europe/Athens',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const hours = ({from, to}: {from: number; to: number}): number => (to - from) / HOUR;
const windowAt = (text: string, windowMs: number, zone: string) => windowOf(Date.parse(text), {windowMs, zone});
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe('windowOf', () => {
  test('in UTC counts days and hours from the epoch, and weeks from Monday', () => {
    const at = '2026-11-21T06:38:49Z'; // a Saturday
    expect(iso(windowAt(at, HOUR, 'UTC').from)).toBe('2026-11-21T06:00');
    expect(iso(windowAt(at, DAY, 'UTC').from)).toBe('2026-11-21T00:00');
    expect(iso(windowAt(at, 7 * DAY, 'UTC').from)).toBe('2026-11-16T00:00');
    expect(iso(windowAt(at, 7 * HOUR, 'UTC').from)).toBe(iso(Math.floor(Date.parse(at) / (7 * HOUR)) * 7 * HOUR));
  });

  test.each([
    ['Europe/Athens', '2026-03-29T10:00Z', 23, '2026-03-28T22:00'],
    ['Europe/Athens', '2026-10-25T10:00Z', 25, '2026-10-24T21:00'],
    ['America/New_York', '2026-03-08T10:00Z', 23, '2026-03-08T05:00'],
    ['America/New_York', '2026-11-01T10:00Z', 25, '2026-11-01T04:00'],
    ['Australia/Lord_Howe', '2026-04-05T01:00Z', 24.5, '2026-04-04T13:00'],
    ['Asia/Kolkata', '2026-03-29T10:00Z', 24, '2026-03-28T18:30'],
  ])('in %s the day of %s has %d hours from local midnight', (zone, at, length, from) => {
    const day = windowAt(at, DAY, zone);
    expect(hours(day)).toBe(length);
    expect(iso(day.from)).toBe(from);
  });

  test('where the clocks skip midnight the day begins with the change, where they show it twice with the first', () => {
    // São Paulo, 4 November 2018: 23:59:59 was followed by 01:00.
    expect(windowAt('2018-11-04T12:00Z', DAY, 'America/Sao_Paulo')).toEqual({
      from: Date.parse('2018-11-04T03:00Z'),
      to: Date.parse('2018-11-05T02:00Z'),
    });
    // Havana, 1 November 2026: 00:59:59 is followed by 00:00.
    expect(windowAt('2026-11-01T04:30Z', DAY, 'America/Havana').from).toBe(Date.parse('2026-11-01T04:00Z'));
    expect(windowAt('2026-11-01T05:30Z', DAY, 'America/Havana').from).toBe(Date.parse('2026-11-01T04:00Z'));
  });

  test('a week in which the clocks change begins on a local Monday too', () => {
    const week = windowAt('2026-10-23T12:00Z', 7 * DAY, 'Europe/Athens');
    expect([iso(week.from), hours(week)]).toEqual(['2026-10-18T21:00', 7 * 24 + 1]);
  });

  test('windows of some hours follow the clocks; the one in which they change is shorter or longer', () => {
    const lengths = (from: string, windowMs: number, zone: string, count: number) => {
      let at = Date.parse(from);
      return Array.from({length: count}, () => {
        const window = windowOf(at, {windowMs, zone});
        at = window.to;
        return hours(window);
      });
    };
    expect(lengths('2026-03-08T05:00Z', 6 * HOUR, 'America/New_York', 4)).toEqual([5, 6, 6, 6]);
    expect(lengths('2026-11-01T04:00Z', 6 * HOUR, 'America/New_York', 4)).toEqual([7, 6, 6, 6]);
    expect(lengths('2026-11-01T04:00Z', 2 * HOUR, 'America/New_York', 3)).toEqual([3, 2, 2]);
    expect(lengths('2026-11-01T04:00Z', HOUR, 'America/New_York', 25)).toEqual(Array(25).fill(1));
  });

  test('windows lie side by side without gap or overlap in every zone, and hold the time they were asked for', () => {
    const calendar: fc.Arbitrary<Calendar> = fc.record({
      windowMs: fc.constantFrom(
        HOUR / 60,
        HOUR / 4,
        HOUR,
        1.5 * HOUR,
        2 * HOUR,
        5 * HOUR,
        6 * HOUR,
        DAY,
        2 * DAY,
        7 * DAY,
      ),
      zone: fc.constantFrom(...ZONES),
    });
    const time = fc.integer({min: Date.UTC(2009, 0), max: Date.UTC(2027, 0)});
    fc.assert(
      fc.property(calendar, time, ({windowMs, zone}, at) => {
        const window = windowOf(at, {windowMs, zone});
        expect(window.from).toBeLessThanOrEqual(at);
        expect(window.to).toBeGreaterThan(at);
        for (const inside of [window.from, Math.floor((window.from + window.to) / 2), window.to - 1])
          expect(windowOf(inside, {windowMs, zone})).toEqual(window);
        expect(windowOf(window.to, {windowMs, zone}).from).toBe(window.to);
      }),
      {seed: 11, numRuns: 2_000},
    );
  });

  test('is the same around every change of the clocks as a walk through all minutes tells', () => {
    for (const [zone, day] of [
      ['America/New_York', '2026-11-01'],
      ['Europe/Athens', '2026-03-29'],
      ['Australia/Lord_Howe', '2026-10-04'],
      ['Pacific/Apia', '2011-12-30'],
    ] as const)
      for (const windowMs of [HOUR, 3 * HOUR, DAY]) {
        let window = windowOf(Date.parse(day) - DAY, {windowMs, zone});
        for (let at = Date.parse(day) - DAY; at < Date.parse(day) + 2 * DAY; at += 60_000) {
          if (at >= window.to) {
            const next = windowOf(at, {windowMs, zone});
            expect(next.from).toBe(window.to);
            window = next;
          }
          expect(windowOf(at, {windowMs, zone})).toEqual(window);
        }
      }
  });

  test('a zone that does not exist is refused by name', () => {
    expect(() => windowAt('2026-01-01', DAY, 'Europe/Sparta')).toThrow("'Europe/Sparta' is not a time zone");
  });
});

describe('seasonalSpans', () => {
  test('are the same weekday and hour by the clocks, also where the clocks changed in between', () => {
    const calendar = {windowMs: HOUR, zone: 'Europe/Athens'};
    const spans = seasonalSpans(windowOf(Date.parse('2026-11-02T07:00Z'), calendar), calendar, 3);
    // 09:00 in Athens is 07:00 UTC in winter and 06:00 in summer; the clocks changed on 25 October.
    expect(spans.map(({from}) => iso(from))).toEqual(['2026-10-26T07:00', '2026-10-19T06:00', '2026-10-12T06:00']);
    const days = {windowMs: DAY, zone: 'Europe/Athens'};
    const [before] = seasonalSpans(windowOf(Date.parse('2026-11-01T12:00Z'), days), days, 1);
    expect([iso(before!.from), hours(before!)]).toEqual(['2026-10-24T21:00', 25]);
  });

  test('of weeks and longer windows are the windows before', () => {
    const calendar = {windowMs: 7 * DAY, zone: 'UTC'};
    const spans = seasonalSpans(windowOf(Date.parse('2026-11-21'), calendar), calendar, 2);
    expect(spans.map(({from}) => iso(from))).toEqual(['2026-11-09T00:00', '2026-11-02T00:00']);
  });
});
