import {expect, test} from 'vitest';
import {airportZone} from './zones.ts';

const at = (iata: string, state: string, latitude: number, longitude: number) =>
  airportZone({iata, state, latitude, longitude});

/** Offset from UTC of a zone on a day in the winter and one in the summer of 2001, at noon. */
const offsets = (zone: string | undefined) =>
  ['2001-01-15T12:00Z', '2001-06-15T12:00Z'].map(time =>
    new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'shortOffset'})
      .formatToParts(new Date(time))
      .find(part => part.type === 'timeZoneName')
      ?.value.slice(3),
  );

// Positions are those of airports.csv; sides of the border are those of the tz database and 49 CFR part 71.
test.each([
  ['PNS', 'FL', 30.47, -87.19, 'America/Chicago'],
  ['VPS', 'FL', 30.48, -86.53, 'America/Chicago'],
  ['PFN', 'FL', 30.21, -85.68, 'America/Chicago'],
  ['MAI', 'FL', 30.84, -85.18, 'America/Chicago'],
  ['AAF', 'FL', 29.73, -85.03, 'America/New_York'],
  ['TLH', 'FL', 30.4, -84.35, 'America/New_York'],
  ['CHA', 'TN', 35.04, -85.2, 'America/New_York'],
  ['TYS', 'TN', 35.81, -83.99, 'America/New_York'],
  ['TRI', 'TN', 36.48, -82.41, 'America/New_York'],
  ['CSV', 'TN', 35.95, -85.08, 'America/Chicago'],
  ['BNA', 'TN', 36.12, -86.68, 'America/Chicago'],
  ['MEM', 'TN', 35.04, -89.98, 'America/Chicago'],
  ['SDF', 'KY', 38.17, -85.74, 'America/New_York'],
  ['LEX', 'KY', 38.04, -84.61, 'America/New_York'],
  ['CVG', 'KY', 39.05, -84.66, 'America/New_York'],
  ['BWG', 'KY', 36.96, -86.42, 'America/Chicago'],
  ['PAH', 'KY', 37.06, -88.77, 'America/Chicago'],
  ['IND', 'IN', 39.72, -86.29, 'America/Indiana/Indianapolis'],
  ['FWA', 'IN', 40.98, -85.2, 'America/Indiana/Indianapolis'],
  ['SBN', 'IN', 41.71, -86.32, 'America/Indiana/Indianapolis'],
  ['HUF', 'IN', 39.45, -87.31, 'America/Indiana/Indianapolis'],
  ['EVV', 'IN', 38.04, -87.53, 'America/Chicago'],
  ['GYY', 'IN', 41.62, -87.41, 'America/Chicago'],
  ['JVY', 'IN', 38.37, -85.74, 'America/Kentucky/Louisville'],
  ['DTW', 'MI', 42.21, -83.35, 'America/Detroit'],
  ['MQT', 'NA', 46.35, -87.4, 'America/Detroit'],
  ['IMT', 'MI', 45.82, -88.11, 'America/Chicago'],
  ['BIS', 'ND', 46.77, -100.75, 'America/Chicago'],
  ['DIK', 'ND', 46.8, -102.8, 'America/Denver'],
  ['RAP', 'SD', 44.05, -103.06, 'America/Denver'],
  ['FSD', 'SD', 43.58, -96.74, 'America/Chicago'],
  ['LBF', 'NE', 41.13, -100.68, 'America/Chicago'],
  ['BFF', 'NE', 41.87, -103.6, 'America/Denver'],
  ['GLD', 'KS', 39.37, -101.7, 'America/Denver'],
  ['ICT', 'KS', 37.65, -97.43, 'America/Chicago'],
  ['ELP', 'TX', 31.81, -106.38, 'America/Denver'],
  ['MAF', 'TX', 31.94, -102.2, 'America/Chicago'],
  ['BOI', 'ID', 43.56, -116.22, 'America/Boise'],
  ['LWS', 'ID', 46.37, -117.02, 'America/Los_Angeles'],
  ['ONO', 'OR', 44.02, -117.01, 'America/Boise'],
  ['PDX', 'OR', 45.59, -122.6, 'America/Los_Angeles'],
  ['PSC', 'WA', 46.26, -119.12, 'America/Los_Angeles'],
  ['BHM', 'AL', 33.56, -86.75, 'America/Chicago'],
  ['PHX', 'AZ', 33.43, -112.01, 'America/Phoenix'],
  ['HNL', 'HI', 21.32, -157.92, 'Pacific/Honolulu'],
  ['ANC', 'AK', 61.17, -150, 'America/Anchorage'],
  ['DUT', 'AK', 53.9, -166.54, 'America/Anchorage'],
  ['ADK', 'AK', 51.88, -176.65, 'America/Adak'],
  ['SYA', 'AK', 52.71, 174.11, 'America/Adak'],
  ['GAM', 'AK', 63.77, -171.73, 'America/Anchorage'],
  ['SJU', 'PR', 18.44, -66, 'America/Puerto_Rico'],
  ['STT', 'VI', 18.34, -64.97, 'America/St_Thomas'],
  ['GUM', 'GU', 13.48, 144.8, 'Pacific/Guam'],
])('%s in %s at %d, %d lives by %s', (iata, state, latitude, longitude, zone) => {
  expect(at(iata, state, latitude, longitude)).toBe(zone);
});

test('an airport outside the United States has no zone here', () => {
  expect(at('ROP', 'NA', 14.08, 101.38)).toBeUndefined();
});

// tz database: America/Indiana/Indianapolis kept standard time from 1971 to 2006, Louisville and Boise have
// kept the clocks of New York and Denver since 1974, Phoenix, Honolulu and San Juan change nothing.
test('in 2001 the zones have the offsets of the tz database, daylight saving time or not', () => {
  expect(offsets(at('IND', 'IN', 39.72, -86.29))).toEqual(['-5', '-5']);
  expect(offsets(at('EVV', 'IN', 38.04, -87.53))).toEqual(['-6', '-5']);
  expect(offsets(at('JVY', 'IN', 38.37, -85.74))).toEqual(['-5', '-4']);
  expect(offsets(at('DTW', 'MI', 42.21, -83.35))).toEqual(['-5', '-4']);
  expect(offsets(at('BOI', 'ID', 43.56, -116.22))).toEqual(['-7', '-6']);
  expect(offsets(at('PHX', 'AZ', 33.43, -112.01))).toEqual(['-7', '-7']);
  expect(offsets(at('HNL', 'HI', 21.32, -157.92))).toEqual(['-10', '-10']);
  expect(offsets(at('ADK', 'AK', 51.88, -176.65))).toEqual(['-10', '-9']);
  expect(offsets(at('ANC', 'AK', 61.17, -150))).toEqual(['-9', '-8']);
  expect(offsets(at('SJU', 'PR', 18.44, -66))).toEqual(['-4', '-4']);
  expect(offsets(at('MTM', 'AK', 55.13, -131.58))).toEqual(['-8', '-8']);
});
