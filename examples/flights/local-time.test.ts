import fc from 'fast-check';
import {expect, test} from 'vitest';
import {localSpans} from './local-time.ts';

/** What a wall clock shows, as if it were UTC. */
const wall = (text: string) => Date.parse(`${text}Z`);
const HOUR = 3_600_000;

// tz database, rules of the United States for 1987 to 2006: first Sunday of April, last Sunday of October, at 2.
test('New York in 2001 skips the hour from 2 on 1 April and repeats the one from 1 on 28 October', () => {
  expect(localSpans('America/New_York', wall('2001-01-01T00:00'), wall('2002-01-01T00:00'))).toEqual([
    {from: wall('2001-01-01T00:00'), until: wall('2001-04-01T02:00'), kind: 'plain', offsetMinutes: -300},
    {from: wall('2001-04-01T02:00'), until: wall('2001-04-01T03:00'), kind: 'missing', offsetMinutes: null},
    {from: wall('2001-04-01T03:00'), until: wall('2001-10-28T01:00'), kind: 'plain', offsetMinutes: -240},
    {from: wall('2001-10-28T01:00'), until: wall('2001-10-28T02:00'), kind: 'ambiguous', offsetMinutes: null},
    {from: wall('2001-10-28T02:00'), until: wall('2002-01-01T00:00'), kind: 'plain', offsetMinutes: -300},
  ]);
});

test('a zone without daylight saving time is one span', () => {
  for (const zone of ['America/Phoenix', 'America/Indiana/Indianapolis', 'Pacific/Honolulu'])
    expect(localSpans(zone, wall('2001-01-01T00:00'), wall('2002-01-01T00:00'))).toHaveLength(1);
});

// tz database: Lord Howe Island moves its clocks by half an hour.
test('a change by half an hour is found to the minute', () => {
  const spans = localSpans('Australia/Lord_Howe', wall('2001-08-01T00:00'), wall('2001-12-01T00:00'));
  expect(spans.map(({kind}) => kind)).toEqual(['plain', 'missing', 'plain']);
  expect(spans[1]).toMatchObject({from: wall('2001-10-28T02:00'), until: wall('2001-10-28T02:30')});
});

test('every local time has exactly the instants that a search over all offsets finds', () => {
  const from = wall('2001-01-01T00:00');
  const until = wall('2002-01-01T00:00');
  const zones = ['America/New_York', 'America/Chicago', 'America/Adak', 'America/Phoenix', 'America/St_Johns'];
  const spans = new Map(zones.map(zone => [zone, localSpans(zone, from, until)]));
  const near = [wall('2001-04-01T01:00'), wall('2001-10-28T00:00')];
  const time = fc.oneof(
    fc.integer({min: from / 60_000, max: until / 60_000 - 1}).map(minute => minute * 60_000),
    fc.tuple(fc.constantFrom(...near), fc.integer({min: 0, max: 179})).map(([start, m]) => start + m * 60_000),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), time, (zone, local) => {
      const holding = spans.get(zone)!.filter(span => local >= span.from && local < span.until);
      expect(holding).toHaveLength(1);
      const instants = instantsShowing(zone, local);
      const {kind, offsetMinutes} = holding[0]!;
      expect(kind).toBe(instants.length === 0 ? 'missing' : instants.length === 1 ? 'plain' : 'ambiguous');
      if (offsetMinutes !== null) expect(local - offsetMinutes * 60_000).toBe(instants[0]);
    }),
    {seed: 2001, numRuns: 300},
  );
});

/** The obvious way: every instant, in steps of half an hour, whose wall clock shows `local`. */
function instantsShowing(zone: string, local: number): number[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const found = [];
  for (let instant = local; instant <= local + 12 * HOUR; instant += HOUR / 2)
    if (wall(format.format(instant).replace(', ', 'T')) === local) found.push(instant);
  return found;
}
