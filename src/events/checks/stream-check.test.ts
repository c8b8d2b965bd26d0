// Each check about many events against a plain loop over all of them, however they are cut into batches.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type EventBatch, t} from '../../protocol/index.ts';
import {events} from '../source.ts';
import type {Check} from './check.ts';
import type {StreamCheck} from './fold.ts';
import {fresh, nullShare, timeNotBackwards, unique, volume} from './stream-check.ts';
import {compileStreamChecks} from './stream-checks.ts';

const schema = {id: t.string, at: t.time, x: t.number.orNull(), y: t.string.orNull()};
const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

type Event = {readonly at: number; readonly arrival: number; readonly x: number | null; readonly y: string | null};

function compiled(check: Check<'x' | 'y'>, latest: number | null = null): StreamCheck {
  const [only] = compileStreamChecks(events('s', {schema, time: 'at', id: 'id', checks: [check]}), latest);
  return only!;
}

function batchOf(list: readonly Event[]): EventBatch {
  const eventTimes = Float64Array.from(list, e => e.at);
  const ids = list.map((_, i) => `e${i}`);
  const columns = {id: ids, at: eventTimes, x: Float64Array.from(list, e => e.x ?? Number.NaN), y: list.map(e => e.y)};
  return {
    stream: 's',
    count: list.length,
    columns,
    ids,
    eventTimes,
    arrivalTimes: Float64Array.from(list, e => e.arrival),
  };
}

/** How often events break a check when they come in these batches; `judge` must foresee each `take`. */
function broken(check: StreamCheck, batches: readonly (readonly Event[])[]): number {
  let count = 0;
  for (const list of batches) {
    const foreseen = check.judge(batchOf(list));
    expect(check.judge(batchOf(list))).toEqual(foreseen);
    expect(check.copy().take(batchOf(list), 0)).toEqual(foreseen);
    expect(check.take(batchOf(list), 0)).toEqual(foreseen);
    count += foreseen?.count ?? 0;
  }
  return count;
}

const event = fc.record({
  wait: fc.integer({min: 0, max: 3}),
  age: fc.integer({min: -3, max: 6}),
  x: fc.constantFrom(null, 1, 2),
  y: fc.constantFrom(null, 'a', 'b'),
});
const batches = fc.array(fc.array(event, {maxLength: 8}), {maxLength: 8}).map(lists => {
  let now = START + 10 * MINUTE;
  return lists.map(list =>
    list.map(({wait, age, x, y}): Event => {
      now += wait * MINUTE;
      return {at: now - age * MINUTE, arrival: now, x, y};
    }),
  );
});

const holds = (naive: (all: readonly Event[]) => number, check: Check<'x' | 'y'>) =>
  fc.assert(
    fc.property(batches, lists => {
      expect(broken(compiled(check), lists)).toBe(naive(lists.flat()));
    }),
    {seed: 3, numRuns: 300},
  );

test('a share of nulls is that of each run of events', () => {
  holds(
    all => {
      let windows = 0;
      for (let i = 0; i < all.length; i += 5) if (all.slice(i, i + 5).filter(e => e.x === null).length > 2) windows++;
      return windows;
    },
    nullShare('x', {max: 0.5, rows: 5}),
  );
});

test('values are unique if no earlier event has them; nulls never equal each other', () => {
  const repeats = (keyOf: (e: Event) => string | null) => (all: readonly Event[]) =>
    all.filter((e, i) => keyOf(e) !== null && all.slice(0, i).some(before => keyOf(before) === keyOf(e))).length;
  holds(
    repeats(e => (e.x === null ? null : `${e.x}`)),
    unique('x'),
  );
  holds(
    repeats(e => (e.x === null || e.y === null ? null : `${e.x}${e.y}`)),
    unique(['x', 'y']),
  );
});

test('a time goes back if it lies behind an earlier one by more than the tolerance, as of the arrivals', () => {
  holds(
    all =>
      all.filter((e, i) => all.slice(0, i).some(before => Math.min(before.at, before.arrival) - e.at > 2 * MINUTE))
        .length,
    timeNotBackwards({tolerance: '2m'}),
  );
});

test('a stream is found stale once, until an event comes that is not too old', () => {
  holds(
    all => {
      const staleAfter = (i: number) =>
        all[i]!.arrival - Math.max(...all.slice(0, i + 1).map(e => Math.min(e.at, e.arrival))) > 3 * MINUTE;
      return all.filter((e, i) => {
        if (i === 0) return false;
        const latest = Math.max(...all.slice(0, i).map(b => Math.min(b.at, b.arrival)));
        return e.arrival - latest > 3 * MINUTE && !staleAfter(i - 1);
      }).length;
    },
    fresh({within: '3m'}),
  );
});

test('a window of event time has the events that came before it was closed, empty windows included', () => {
  const per = 4 * MINUTE;
  const grace = 2 * MINUTE;
  const over = (e: Event) => Math.floor((e.arrival - grace) / per);
  holds(
    all => {
      if (all.length === 0) return 0;
      let windows = 0;
      for (let w = over(all[0]!) + 1; w < over(all.at(-1)!); w++) {
        const closing = all.findIndex(e => over(e) > w);
        const inside = all.slice(0, closing).filter(e => Math.floor(e.at / per) === w).length;
        if (inside < 1 || inside > 3) windows++;
      }
      return windows;
    },
    volume({per: '4m', min: 1, max: 3, grace: '2m'}),
  );
});

test('freshness and volume say how they stand at a time, without counting', () => {
  const list: Event[] = [0, 1, 2, 7].map(m => ({at: START + m * MINUTE, arrival: START + m * MINUTE, x: 1, y: null}));
  const stale = compiled(fresh({within: '5m'}));
  expect(stale.status(START)).toEqual({state: 'unknown', detail: 'no event yet'});
  stale.take(batchOf(list), 4);
  expect(stale.status(START + 12 * MINUTE).state).toBe('ok');
  expect(stale.status(START + 13 * MINUTE)).toEqual({
    state: 'violated',
    detail: 'the latest event is 6 min old; at most 5 min allowed',
  });
  const volumes = compiled(volume({per: '5m', min: 1}));
  expect(volumes.status(START).state).toBe('unknown');
  volumes.take(batchOf(list), 4);
  expect(volumes.status(START + 9 * MINUTE).state).toBe('unknown');
  expect(volumes.status(START + 10 * MINUTE)).toEqual({
    state: 'ok',
    detail: '1 events in the 5 min from 2024-01-01T00:05:00.000Z',
  });
  expect(volumes.status(START + 20 * MINUTE)).toEqual({
    state: 'violated',
    detail: '0 events in the 5 min from 2024-01-01T00:15:00.000Z',
  });
});

test('years without an event are counted at once', () => {
  const volumes = compiled(volume({per: '1s', min: 1}));
  const year = 365 * 86_400_000;
  volumes.take(batchOf([{at: START, arrival: START, x: 1, y: null}]), 1);
  const late = volumes.take(batchOf([{at: START + 20 * year, arrival: START + 20 * year, x: 1, y: null}]), 2);
  expect(late?.count).toBe((20 * year) / 1_000 - 1);
});

test('no more values are remembered than allowed', () => {
  const check = compiled(unique('x', {maxValues: 10}));
  for (let k = 0; k < 20; k++)
    check.take(batchOf([0, 1, 2, 3].map(i => ({at: START, arrival: START, x: k * 4 + i, y: null}))), k);
  expect(check.status(START).detail).toMatch(/^(8|12) values are remembered$/);
  expect(check.judge(batchOf([{at: START, arrival: START, x: 79, y: null}]))?.count).toBe(1);
  expect(check.judge(batchOf([{at: START, arrival: START, x: 0, y: null}]))).toBeNull();
});

test('a check goes on from what a checkpoint kept', () => {
  fc.assert(
    fc.property(batches, batches, (before, after) => {
      for (const check of [nullShare('x', {max: 0.2, rows: 7}), timeNotBackwards(), volume({per: '2m', max: 1})]) {
        const whole = compiled(check);
        broken(whole, before);
        const later = compiled(check);
        later.load(JSON.parse(JSON.stringify(whole.save())), 0);
        expect(broken(later, after)).toBe(broken(whole, after));
      }
    }),
    {seed: 4, numRuns: 100},
  );
});

test.each([
  [
    {...nullShare('x', {max: 0.5}), action: 'reject'} as const,
    'a null-share check may warn or stop, not reject: no single event is to blame for a share.',
  ],
  [
    {...fresh({within: '1h'}), action: 'stop'} as const,
    'a fresh check may warn, not stop: there is no event to refuse when none comes.',
  ],
  [
    {...volume({per: '1h', min: 1}), action: 'stop'} as const,
    'a volume check may warn, not stop: a window is judged when its events are in.',
  ],
  [nullShare('at' as never, {max: 0.5}), "'at' is never null by the schema"],
  [nullShare('x', {max: 5}), 'the share 5 is not in [0, 1).'],
  [unique([]), 'there is no column whose values are to be unique.'],
  [volume({per: '1h'}), 'a volume needs a min or a max.'],
])('a check that cannot be is refused: %#', (check, message) => {
  expect(() => events('s', {schema, time: 'at', id: 'id', checks: [check as Check<never>]})).toThrow(message);
});
