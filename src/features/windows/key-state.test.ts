import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {type Duration, t} from '../../protocol/index.ts';
import {entity} from '../definitions/entity.ts';
import {featureView} from '../definitions/view.ts';
import {KeyState} from './key-state.ts';
import {layoutOf} from './layout.ts';

const MINUTE = 60_000;
const TILE = 5 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const things = events('things', {
  schema: {id: t.string, key: t.string, x: t.int, at: t.time},
  time: 'at',
  id: 'id',
});

function layoutFor(...windows: [Duration, ...Duration[]]) {
  const view = featureView('windows', {
    from: things,
    entity: entity('thing', {key: t.string}),
    keys: {key: 'key'},
    features: a => ({
      n: a.count().over(...windows),
      sum: a.sum('x').over(...windows),
      least: a.min('x').over(...windows),
      last: a.last('x').over(...windows),
    }),
  });
  return layoutOf(view);
}

type Event = {readonly time: number; readonly x: number};

/** `x` doubles as the id, so that ties are ordered by it. */
const idOf = (x: number) => String(x).padStart(6, '0');

function read(layout: ReturnType<typeof layoutFor>, state: KeyState, q: number): Record<string, number> {
  const out = new Float64Array(layout.features.length);
  state.read(q, out, 0);
  return Object.fromEntries(layout.features.map(({name}, i) => [name, out[i]!]));
}

function plain(layout: ReturnType<typeof layoutFor>, seen: readonly Event[], q: number): Record<string, number> {
  return Object.fromEntries(
    layout.features.map(({name, aggregation, windowMs}) => {
      const xs = seen
        .filter(({time}) => time >= q - windowMs && time < q)
        .sort((a, b) => a.time - b.time || a.x - b.x)
        .map(({x}) => x);
      if (aggregation === 'count') return [name, xs.length];
      if (xs.length === 0) return [name, Number.NaN];
      if (aggregation === 'sum') return [name, xs.reduce((a, b) => a + b, 0)];
      return [name, aggregation === 'min' ? Math.min(...xs) : xs.at(-1)!];
    }),
  );
}

function push(layout: ReturnType<typeof layoutFor>, state: KeyState, {time, x}: Event, arrival: number): void {
  const inputs = Float64Array.from(layout.inputs, ({node}) => (node === null ? 1 : x));
  state.push(time, arrival, idOf(x), inputs, 0);
}

/** All events before the first read. */
function state(layout: ReturnType<typeof layoutFor>, seen: readonly Event[]): KeyState {
  const made = new KeyState(layout);
  for (const event of seen) push(layout, made, event, Number.NEGATIVE_INFINITY);
  return made;
}

describe('the windows of one key', () => {
  test('begin with their first millisecond and end before the query', () => {
    const layout = layoutFor('10m', '2h', '2d');
    for (const q of [0, TILE, HOUR, DAY, 40 * DAY + 7, 40 * DAY + 3 * HOUR + TILE]) {
      const base = q + 100 * DAY;
      for (const window of [10 * MINUTE, 2 * HOUR, 2 * DAY]) {
        const at = (time: number) => read(layout, state(layout, [{time, x: 1}]), base);
        const name = window === 10 * MINUTE ? 'n_10m' : window === 2 * HOUR ? 'n_2h' : 'n_2d';
        expect(at(base - window)[name], `first instant of ${name}`).toBe(1);
        expect(at(base - window - 1)[name], `just before ${name}`).toBe(0);
        expect(at(base - 1)[name], `last instant of ${name}`).toBe(1);
        expect(at(base)[name], `the query time of ${name}`).toBe(0);
      }
    }
  });

  test('count every event once where event, window and query lie on edges of tiles', () => {
    const layout = layoutFor('5m', '1h', '24h', '7d');
    const seen = Array.from({length: 400}, (_, i) => ({time: i * TILE, x: i}));
    const at = state(layout, seen);
    for (let q = 0; q <= 36 * HOUR; q += TILE) expect(read(layout, at, q), `q = ${q}`).toEqual(plain(layout, seen, q));
  });

  test('shorter than a tile are read from events', () => {
    const layout = layoutFor('1s', '90s', '4m');
    expect(layout.levels).toEqual([]);
    const seen = Array.from({length: 300}, (_, i) => ({time: i * 1_000, x: i}));
    const at = state(layout, seen);
    for (let q = 0; q < 360_000; q += 7_500) expect(read(layout, at, q)).toEqual(plain(layout, seen, q));
  });

  test('hold between tiles that no multiple of a tile divides', () => {
    const layout = layoutFor('7m', '61m', '25h');
    const seen = Array.from({length: 600}, (_, i) => ({time: i * 173_000, x: i % 11}));
    const at = state(layout, seen);
    for (let q = 0; q < 30 * HOUR; q += 1_234_567) expect(read(layout, at, q)).toEqual(plain(layout, seen, q));
  });

  test('take an event of the future when its time has come', () => {
    const layout = layoutFor('1h', '24h');
    const made = new KeyState(layout);
    push(layout, made, {time: 3 * HOUR, x: 5}, 0);
    push(layout, made, {time: HOUR, x: 2}, HOUR);
    const n = (q: number) => read(layout, made, q).n_24h;
    expect([n(HOUR), n(HOUR + 1), n(3 * HOUR), n(3 * HOUR + 1)]).toEqual([0, 1, 1, 2]);
    expect(read(layout, made, 3 * HOUR + 1).last_24h).toBe(5);
  });

  test('before 1970 lie on the same edges', () => {
    const layout = layoutFor('10m', '2h', '2d');
    const seen = Array.from({length: 200}, (_, i) => ({time: -3 * DAY + i * TILE, x: i}));
    const at = state(layout, seen);
    for (let q = -3 * DAY; q <= -2 * DAY; q += TILE) expect(read(layout, at, q)).toEqual(plain(layout, seen, q));
  });

  test('are the plain loop, whatever comes late and whenever they are read', () => {
    const layout = layoutFor('4m', '10m', '61m', '24h', '3d');
    const edge = fc.constantFrom(1, MINUTE, TILE, 10 * MINUTE, HOUR, 12 * HOUR);
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('push'),
        many: fc.integer({min: 1, max: 40}),
        late: fc.integer({min: 0, max: 30}),
        by: edge,
      }),
      fc.record({kind: fc.constant('read'), many: fc.integer({min: 0, max: 12}), late: fc.constant(0), by: edge}),
    );
    fc.assert(
      fc.property(fc.array(step, {maxLength: 25}), steps => {
        const made = new KeyState(layout);
        const seen: Event[] = [];
        let now = 50 * DAY;
        for (const {kind, many, late, by} of steps) {
          if (kind === 'push')
            for (let i = 0; i < many; i++) {
              const event = {time: now - ((late * i) % 31) * by, x: seen.length};
              seen.push(event);
              push(layout, made, event, now);
              now += i % 3 === 0 ? by / 10 : 0;
            }
          else {
            now = Math.floor(now) + many * by;
            expect(read(layout, made, now)).toEqual(plain(layout, seen, now));
          }
        }
      }),
      {numRuns: 150, seed: 3},
    );
  });
});
