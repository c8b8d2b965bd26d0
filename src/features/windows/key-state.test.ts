import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {type Duration, t} from '../../protocol/index.ts';
import {naiveAnswer} from '../contract/naive.ts';
import type {Windowed} from '../definitions/aggregate.ts';
import type {Aggregates} from '../definitions/aggregates.ts';
import {entity} from '../definitions/entity.ts';
import {featureView} from '../definitions/view.ts';
import {coarse, hopping, lastRows, lifetime, session, tumbling, type Window} from '../definitions/window.ts';
import {windowRows} from '../definitions/window-rows.ts';
import {compareIds} from './event-order.ts';
import {KeyState} from './key-state.ts';
import {type Layout, layoutOf} from './layout.ts';
import {StringCodes} from './string-codes.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const TILE = 5 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const things = events('things', {
  schema: {id: t.string, key: t.string, x: t.int, f: t.number, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '2d',
});

type Schema = typeof things.schema;
type Windows = readonly (Duration | Window)[];

/** Four that tell apart which events were seen and in which order. */
const plainOnes = (a: Aggregates<Schema>, windows: Windows) => ({
  n: a.count().over(...windows),
  sum: a.sum('x').over(...windows),
  least: a.min('x').over(...windows),
  last: a.last('x').over(...windows),
});

const allOthers = (a: Aggregates<Schema>, windows: Windows) => ({
  mean: a.mean('f').over(...windows),
  variance: a.variance('f').over(...windows),
  first: a.firstK('x', 3).over(...windows),
  lasts: a.lastK('x', 3).over(...windows),
  odd: a
    .where(a.col.x.gt(10))
    .distinct('x')
    .over(...windows),
  median: a.quantile('x', 0.5).over(...windows),
  top: a.topK('x', 2).over(...windows),
  topN: a.topKCounts('x', 2).over(...windows),
  spread: a.histogram('x', [3, 7]).over(...windows),
  faded: a.decayedMean('f', '2h').over(...windows),
  since: a.sinceLast().over(...windows),
  bigSince: a
    .where(a.col.x.gt(50))
    .sinceLast()
    .over(...windows),
  rate: a.ratio(a.sum('x'), a.count()).over(...windows),
});

function layoutFor(features: (a: Aggregates<Schema>) => Record<string, Windowed<unknown, string>>): Layout {
  return layoutOf(
    featureView('windows', {from: things, entity: entity('thing', {key: t.string}), keys: {key: 'key'}, features}),
  );
}

type Event = {readonly time: number; readonly x: number; readonly id: string};
const idOf = (i: number) => String(i).padStart(6, '0');
const fractionOf = (x: number) => x * 0.1 + 1 / (x + 3);

function read(layout: Layout, state: KeyState, q: number): Record<string, number> {
  const out = new Float64Array(layout.features.length);
  state.read(q, out, 0);
  return Object.fromEntries(layout.features.map(({name}, i) => [name, out[i]!]));
}

function push(layout: Layout, state: KeyState, {time, x, id}: Event, arrival: number): void {
  const inputs = Float64Array.from(layout.inputs, ({node, where}) => {
    if (!(x > limitOf(where))) return Number.NaN;
    if (node === null) return 1;
    return (node as {name?: string}).name === 'f' ? fractionOf(x) : x;
  });
  state.push(time, arrival, id, inputs, 0);
}

function plain(layout: Layout, seen: readonly Event[], q: number): Record<string, number> {
  const before = seen.filter(e => e.time < q).sort((a, b) => a.time - b.time || compareIds(a.id, b.id));
  return Object.fromEntries(
    layout.features.map(feature => {
      const inside = windowRows(before, feature.over, q);
      const answer = (measure: typeof feature | NonNullable<typeof feature.divisor>, element: number) => {
        const limit = limitOf(measure.where);
        const kept = inside.filter(e => e.x > limit);
        const fraction = (measure.input as {name?: string} | null)?.name === 'f';
        const values = kept.map(e => (measure.input === null ? 1 : fraction ? fractionOf(e.x) : e.x));
        const times = kept.map(e => e.time);
        return (naiveAnswer(measure, element, values, times, q) as number | null) ?? Number.NaN;
      };
      const value = answer(feature, feature.element);
      if (feature.divisor === null) return [feature.name, value];
      const divisor = answer(feature.divisor, 0);
      return [feature.name, divisor === 0 ? Number.NaN : value / divisor];
    }),
  );
}

function expectSame(got: Record<string, number>, want: Record<string, number>, why: string): void {
  for (const [name, value] of Object.entries(want))
    if (/^(mean|variance|faded)/.test(name) && !Number.isNaN(value))
      expect(Math.abs(got[name]! - value), `${name} ${why}`).toBeLessThan(1e-7 * Math.max(1, Math.abs(value)));
    else expect(got[name], `${name} ${why}`).toBe(value);
}

/** The number in a filter `x > number`. */
const limitOf = (where: unknown): number =>
  where === null ? Number.NEGATIVE_INFINITY : (where as {args: [unknown, {value: number}]}).args[1].value;

/** All events before the first read. */
function stateOf(layout: Layout, seen: readonly Event[]): KeyState {
  const made = new KeyState(layout, new StringCodes());
  for (const event of seen) push(layout, made, event, Number.NEGATIVE_INFINITY);
  return made;
}

const row = (time: number, x: number): Event => ({time, x, id: idOf(x)});

describe('the windows of one key', () => {
  test('begin with their first millisecond and end before the query', () => {
    const layout = layoutFor(a => plainOnes(a, ['10m', '2h', '2d']));
    for (const q of [0, TILE, HOUR, DAY, 40 * DAY + 7, 40 * DAY + 3 * HOUR + TILE]) {
      const base = q + 100 * DAY;
      for (const [name, window] of [
        ['n_10m', 10 * MINUTE],
        ['n_2h', 2 * HOUR],
        ['n_2d', 2 * DAY],
      ] as const) {
        const at = (time: number) => read(layout, stateOf(layout, [row(time, 1)]), base);
        expect(at(base - window)[name], `first instant of ${name}`).toBe(1);
        expect(at(base - window - 1)[name], `just before ${name}`).toBe(0);
        expect(at(base - 1)[name], `last instant of ${name}`).toBe(1);
        expect(at(base)[name], `the query time of ${name}`).toBe(0);
      }
    }
  });

  test('of a coarser tail, of whole hops and of rows are what their names say', () => {
    const layout = layoutFor(a =>
      plainOnes(a, [coarse('1h', '10m'), hopping('1h', '10m'), tumbling('1h'), lastRows(2)]),
    );
    const q = 5 * HOUR + 34 * MINUTE;
    const at = (...minutes: number[]) =>
      read(
        layout,
        stateOf(
          layout,
          minutes.map((m, i) => row(4 * HOUR + m * MINUTE, i)),
        ),
        q,
      );
    expect(at(29, 30, 93)).toMatchObject({n_1h_by10m: 2, n_1h_every10m: 1, n_1h_tumbling: 2, n_last2: 2});
    expect(at(0, 59, 60, 89)).toMatchObject({n_1h_by10m: 3, n_1h_every10m: 3, n_1h_tumbling: 2, last_last2: 3});
  });

  test('of a session are the run of events before the query', () => {
    const layout = layoutFor(a => plainOnes(a, [session('30m')]));
    const at = (q: number, ...minutes: number[]) =>
      read(
        layout,
        stateOf(
          layout,
          minutes.map((m, i) => row(m * MINUTE, i)),
        ),
        q * MINUTE,
      ).n_session30m;
    expect(at(100, 10, 45, 60, 89)).toBe(3);
    expect(at(100, 10, 45, 60)).toBe(0);
    expect(at(119, 0, 29, 58, 90)).toBe(1);
    expect(at(119, 0, 29, 58)).toBe(0);
    expect(at(87, 0, 29, 58)).toBe(3);
  });

  test('before 1970 lie on the same edges', () => {
    const layout = layoutFor(a => plainOnes(a, ['10m', '2h', '2d', tumbling('6h')]));
    const seen = Array.from({length: 900}, (_, i) => row(-3 * DAY + i * MINUTE, i));
    const at = stateOf(layout, seen);
    for (let q = -3 * DAY; q <= -2 * DAY; q += TILE) expect(read(layout, at, q)).toEqual(plain(layout, seen, q));
  });

  test('take an event of the future when its time has come', () => {
    const layout = layoutFor(a => plainOnes(a, ['1h', '24h', lifetime()]));
    const made = new KeyState(layout, new StringCodes());
    push(layout, made, row(3 * HOUR, 5), 0);
    push(layout, made, row(HOUR, 2), HOUR);
    const n = (q: number) => read(layout, made, q).n_24h;
    expect([n(HOUR), n(HOUR + 1), n(3 * HOUR), n(3 * HOUR + 1)]).toEqual([0, 1, 1, 2]);
    expect(read(layout, made, 3 * HOUR + 1)).toMatchObject({last_24h: 5, last_ever: 5, n_ever: 2});
  });
});

/** What other engines get wrong: coarse timestamps, windows that are no whole number of tiles, edges. */
describe.each([1, SECOND, TILE, HOUR, DAY])('windows over times rounded to %s ms', grain => {
  const SOME: Windows = ['1s', '90s', '7m', '61m', '24h', '25h', '3d', coarse('1h', '5m'), hopping('2h', '30m')];
  const REST: Windows = [tumbling('1d'), session('40m'), lastRows(5), lastRows(100), lifetime()];
  const step = fc.record({
    many: fc.integer({min: 1, max: 130}),
    late: fc.integer({min: 0, max: 40}),
    by: fc.constantFrom(7, SECOND, MINUTE, TILE, HOUR),
    read: fc.boolean(),
    pause: fc.constantFrom(0, 1, SECOND, 17 * MINUTE, HOUR, 12 * HOUR, 2 * DAY),
  });

  test.each([
    ['which events', (a: Aggregates<Schema>) => plainOnes(a, [...SOME, ...REST])],
    ['every aggregation', (a: Aggregates<Schema>) => allOthers(a, ['90s', '61m', '25h', ...REST])],
  ] as const)('are the plain loop, whatever comes late and whenever they are read: %s', (_, of) => {
    const layout = layoutFor(of);
    const round = (time: number) => Math.floor(time / grain) * grain;
    fc.assert(
      fc.property(fc.array(step, {maxLength: 12}), steps => {
        const made = new KeyState(layout, new StringCodes());
        const seen: Event[] = [];
        let now = 50 * DAY;
        for (const {many, late, by, read: reads, pause} of steps) {
          for (let i = 0; i < many; i++) {
            const time = round(now - ((late * i) % 31) * by);
            if (now - time > things.latenessMs) continue;
            const event = {time, x: (seen.length * 7) % 103, id: idOf((seen.length * 7_919) % 100_003)};
            seen.push(event);
            push(layout, made, event, now);
            now += i % 3 === 0 ? by : 0;
          }
          now += pause;
          if (reads) expectSame(read(layout, made, now), plain(layout, seen, now), `at ${now}`);
        }
      }),
      {numRuns: 25, seed: 3},
    );
  });
});

test('the same bits whatever was read before, over floating-point sums', () => {
  const layout = layoutFor(a => allOthers(a, ['90s', '61m', '25h', '3d', session('2h'), lifetime()]) as never);
  const often = new KeyState(layout, new StringCodes());
  const once = new KeyState(layout, new StringCodes());
  let now = 10 * DAY;
  for (let i = 0; i < 6_000; i++) {
    const event = row(now - ((i * 37) % 11) * MINUTE, i % 97);
    for (const state of [often, once]) push(layout, state, {...event, id: idOf(i)}, now);
    now += (i % 17) * 9_000;
    if (i % 5 === 0) read(layout, often, now);
  }
  expect(read(layout, once, now)).toEqual(read(layout, often, now));
});
