// A state whose events lie in pages, that is written down and read again at random moments, against one that never
// leaves memory: the same bits.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import {entity} from '../definitions/entity.ts';
import {featureView} from '../definitions/view.ts';
import {coarse, hopping, lastRows, lifetime, session} from '../definitions/window.ts';
import {KeyState} from './key-state.ts';
import {layoutOf} from './layout.ts';
import {encodePage} from './packed-page.ts';
import {decodeState, encodeState} from './packed-state.ts';
import {StateContext} from './state-context.ts';
import {StringCodes} from './string-codes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WINDOWS = ['90s', '61m', '25h', '3d', coarse('2d', '1h'), hopping('2h', '30m'), session('3h')] as const;

const things = events('things', {
  schema: {id: t.string, key: t.string, f: t.number, name: t.string, at: t.time},
  time: 'at',
  id: 'id',
  lateness: '5h',
});
const layout = layoutOf(
  featureView('windows', {
    from: things,
    entity: entity('thing', {key: t.string}),
    keys: {key: 'key'},
    features: a => ({
      n: a.count().over(...WINDOWS, lastRows(5), lastRows(100), lifetime()),
      total: a.sum('f').over(...WINDOWS, lastRows(100), lifetime()),
      firsts: a.firstK('f', 2).over(...WINDOWS, lifetime()),
      lasts: a.lastK('f', 2).over(...WINDOWS, lifetime()),
      spread: a.variance('f').over(...WINDOWS, lifetime()),
      faded: a.decayedMean('f', '2h').over(...WINDOWS),
      names: a.distinct('name').over('25h', lifetime()),
      top: a.topK('name', 2).over('3d', session('3h')),
      about: a.distinctSketch('f').over('25h', lifetime()),
      middle: a.quantileSketch('f', 0.5).over('25h'),
    }),
  }),
);

/** The pages and the state of one key, as a store would hold them. */
class Shelf {
  readonly codes = new StringCodes();
  readonly pageEvents: number;
  readonly #pages = new Map<number, Uint8Array>();
  state: KeyState;

  constructor(pageEvents: number) {
    this.pageEvents = pageEvents;
    this.state = new KeyState(layout, this.codes, this.context());
  }

  context(): StateContext {
    return new StateContext(layout, this.codes, {
      pageEvents: this.pageEvents,
      loadPage: (_, number) => this.#pages.get(number),
    });
  }

  get pageCount(): number {
    return this.#pages.size;
  }

  /** Writes changed pages, and begins anew from bytes alone. */
  restart(): void {
    const {pages} = this.state.events;
    for (const page of pages?.list ?? []) {
      if (!page.dirty) continue;
      this.#pages.set(page.number, encodePage(page));
      page.dirty = false;
    }
    for (const number of pages?.gone.splice(0) ?? []) this.#pages.delete(number);
    const bytes = encodeState(this.state);
    const {settled, meter} = this.state.context;
    this.state.release();
    expect(meter.bytes).toBe(0);
    const context = this.context();
    context.settled = settled;
    this.state = decodeState(bytes, context);
  }
}

const step = fc.record({
  many: fc.integer({min: 1, max: 90}),
  late: fc.integer({min: 0, max: 60}),
  by: fc.constantFrom(7, 1_000, MINUTE, 5 * MINUTE, HOUR),
  read: fc.boolean(),
  restart: fc.boolean(),
  shrink: fc.boolean(),
  pause: fc.constantFrom(0, 1, 17 * MINUTE, HOUR, 12 * HOUR, 2 * DAY),
});

test.each([1, 1_000, HOUR, DAY])('pages, restarts and evictions change no bit, times rounded to %i ms', grain => {
  let paged = 0;
  fc.assert(
    fc.property(fc.array(step, {maxLength: 25}), fc.constantFrom(2, 5, 64), (steps, pageEvents) => {
      const shelf = new Shelf(pageEvents);
      const plain = new KeyState(layout, shelf.codes);
      const outs = [plain, shelf].map(() => new Float64Array(layout.features.length));
      let [now, n] = [50 * DAY, 0];
      for (const {many, late, by, read, restart, shrink, pause} of steps) {
        for (let i = 0; i < many; i++) {
          const time = Math.floor((now - ((late * i) % 31) * by) / grain) * grain;
          if (now - time > things.latenessMs) continue;
          const f = n % 7 === 0 ? Number.NaN : ((n * 37) % 101) * 0.1 + 1 / (n + 3);
          const inputs = Float64Array.from(layout.inputs, ({type}) =>
            type === 'string' ? shelf.codes.encode(`name ${n % 11}`) : f,
          );
          const id = String((n++ * 7_919) % 100_003);
          for (const state of [plain, shelf.state]) state.push(time, now, id, inputs, 0);
          now += i % 3 === 0 ? by : 0;
        }
        now += pause;
        if (restart) shelf.restart();
        if (shrink) shelf.state.shrink();
        paged = Math.max(paged, shelf.pageCount);
        if (!read) continue;
        for (const [k, state] of [plain, shelf.state].entries()) state.read(now, outs[k]!, 0);
        expect(outs[1]).toEqual(outs[0]);
      }
    }),
    {numRuns: 150, seed: 11},
  );
  expect(paged).toBeGreaterThan(20);
});
