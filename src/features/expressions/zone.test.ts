import fc from 'fast-check';
import {expect, test} from 'vitest';
import {hourOf, weekdayOf, weekOf} from './calendar.ts';
import {zoneOf} from './zone.ts';

const hourIn = (time: number, zone: string): number => hourOf(zoneOf(zone).local(time));

test('hours and weekdays follow the zone, summer time included', () => {
  // 2001-04-01: clocks in New York went from 2 to 3 (tz database, US rules 1987 to 2006).
  expect(hourIn(Date.UTC(2001, 3, 1, 6, 59), 'America/New_York')).toBe(1);
  expect(hourIn(Date.UTC(2001, 3, 1, 7, 0), 'America/New_York')).toBe(3);
  expect(hourIn(Date.UTC(2001, 3, 1, 7, 0), 'America/Phoenix')).toBe(0);
  const weekdayIn = (time: number, zone: string) => weekdayOf(zoneOf(zone).local(time));
  expect(weekdayIn(Date.UTC(2001, 3, 1, 4, 30), 'America/New_York')).toBe(6);
  expect(weekdayIn(Date.UTC(2001, 3, 1, 5, 30), 'America/New_York')).toBe(7);
});

test('the offset remembered by days is the one that Intl gives at the instant', () => {
  const names = ['America/St_Johns', 'Africa/Casablanca', 'Australia/Lord_Howe', 'Europe/Amsterdam', 'Asia/Kathmandu'];
  const formats = new Map(
    names.map(timeZone => [
      timeZone,
      new Intl.DateTimeFormat('sv-SE', {timeZone, dateStyle: 'short', timeStyle: 'medium'}),
    ]),
  );
  const seconds = fc.integer({min: Date.UTC(1900, 0) / 1_000, max: Date.UTC(2037, 0) / 1_000});
  fc.assert(
    fc.property(fc.constantFrom(...names), seconds, (name, second) => {
      const shown = formats.get(name)!.format(second * 1_000);
      expect(zoneOf(name).local(second * 1_000)).toBe(Date.parse(`${shown.replace(' ', 'T')}Z`));
    }),
    {numRuns: 1_500, seed: 9},
  );
});

test('local times have no instant, one or two', () => {
  const apia = zoneOf('Pacific/Apia'); // went over the date line: no 30 December 2011
  expect(apia.instants(Date.UTC(2011, 11, 30, 12))).toEqual([]);
  const havana = zoneOf('America/Havana'); // midnight comes twice on 3 November 2024
  expect(havana.instants(Date.UTC(2024, 10, 3))).toEqual([Date.UTC(2024, 10, 3, 4), Date.UTC(2024, 10, 3, 5)]);
  expect(havana.firstInstant(Date.UTC(2024, 10, 3))).toBe(Date.UTC(2024, 10, 3, 4));
  const saoPaulo = zoneOf('America/Sao_Paulo'); // midnight is skipped on 4 November 2018
  expect(saoPaulo.firstInstant(Date.UTC(2018, 10, 4))).toBe(Date.UTC(2018, 10, 4, 3));
});

test('ISO weeks belong to the year of their Thursday', () => {
  const days = ['2021-01-03', '2021-01-04', '2020-12-31', '2019-12-30', '2016-01-01', '2026-12-31'];
  expect(days.map(day => weekOf(Date.parse(day)))).toEqual([53, 1, 53, 1, 53, 53]);
});
