import {boundsAt} from '../definitions/window.ts';
import {EventBuffer} from './event-buffer.ts';
import type {Answer, Layout, Measured, WindowRead} from './layout.ts';
import {Lifetime} from './lifetime.ts';
import {clearPartial, type Partial, readMeasured} from './partial.ts';
import {StateContext} from './state-context.ts';
import type {StringCodes} from './string-codes.ts';
import type {TileCache} from './tile-cache.ts';

/**
 * What one view keeps of one key, and the one way in which its windows are read: by the stream, by the online read,
 * and by the batch, which replays the sorted events of a key through it. How a window is folded is `Fold`'s.
 *
 * Query times do not decrease: what no later query can see is forgotten.
 */
export class KeyState {
  readonly key: string;
  readonly context: StateContext;
  readonly events: EventBuffer;
  readonly lifetime: Lifetime | null;
  /** Partial aggregates that were needed once. */
  tiles: TileCache | null = null;
  /** For a cache of states: it differs from what a store holds; that is being written; it was used lately. */
  dirty = false;
  saving = false;
  used = true;

  /** `capacity`: for how many events there is room at once, a power of two. */
  constructor(layout: Layout, codes: StringCodes, context = new StateContext(layout, codes), key = '', capacity = 2) {
    this.key = key;
    this.context = context;
    this.events = new EventBuffer(context.buffers, capacity);
    this.lifetime = layout.lifetime && new Lifetime(context, layout.lifetime, this.events);
  }

  /** Adds an event; `inputs` from `at` on are its values. No later query is before `arrival`. */
  push(time: number, arrival: number, id: string, inputs: Float64Array, at: number): void {
    const {context, events} = this;
    const settled = arrival - context.layout.latenessMs;
    if (settled > context.settled) context.settled = settled;
    if (events.isFull) {
      this.#forget(arrival);
      this.settle();
      events.seal(context.pagesOf(this.key));
    }
    if (this.lifetime !== null && time < this.lifetime.until) this.lifetime.takeLate(time, inputs, at);
    events.insert(time, id, inputs, at);
    this.tiles?.forget(time);
  }

  /** Writes the features as of `q` (events at or after `q` are not seen) to `out` from `at` on; NaN is null. */
  read(q: number, out: Float64Array, at: number): void {
    const {events} = this;
    const {layout, fold, partial, answers} = this.context;
    this.#forget(q);
    fold.of(events, this);
    const end = events.tail === events.head || events.time(events.tail - 1) < q ? events.tail : events.lowerBound(q);
    for (const read of layout.reads) {
      clearPartial(partial, read);
      this.#gather(partial, read, q, end);
      for (const answer of read.answers) this.#answer(partial, answer, q, answers, out, at);
    }
  }

  /** Makes it the state of a key without events. */
  clear(): void {
    this.events.clear();
    this.tiles?.release(true);
    this.tiles = null;
    this.lifetime?.clear();
  }

  /** Gives all its memory back; it is not to be used after. */
  release(): void {
    this.events.release();
    this.tiles?.release(true);
  }

  /** Gives back what is easily had again. */
  shrink(): void {
    this.events.pages?.unload(false);
    this.tiles?.release(false);
    this.settle();
  }

  /** Ids decide between events of the same time, as long as one of them may be still to come. Where all is in memory they are kept. */
  settle(): void {
    const {events, context} = this;
    if (context.buffers.pageEvents === 0 || events.tail === events.open) return;
    // An event of the future does not settle what lies before it, nor does what other keys have seen.
    const latest = events.time(events.tail - 1) - context.layout.latenessMs;
    events.dropIds(Math.min(context.settled, latest));
  }

  #gather(partial: Partial, read: WindowRead, q: number, end: number): void {
    const {window} = read;
    const {events} = this;
    const {fold} = this.context;
    switch (window.kind) {
      case 'lifetime':
        this.lifetime!.fold(partial, q, end);
        return;
      case 'rows':
        fold.events(partial, read, q, Math.max(events.head, end - window.count));
        return;
      case 'session': {
        if (end === events.head || q - events.time(end - 1) >= window.gapMs) return;
        const first = events.runStart(end - 1, window.gapMs);
        fold.stretch(partial, read, events.time(first), q, first);
        return;
      }
      default: {
        const {from, to} = boundsAt(window, q);
        fold.stretch(partial, read, from, to, events.lowerBound(from));
      }
    }
  }

  #answer(
    partial: Partial,
    {measured, features}: Answer,
    q: number,
    answers: Float64Array,
    out: Float64Array,
    at: number,
  ): void {
    const {layout, codes} = this.context;
    readMeasured(partial, measured, q, answers, 0, codes);
    for (const {feature, element, divisor} of features) {
      let value = answers[element]!;
      if (divisor !== null) value = this.#ratio(partial, value, divisor, q);
      if (Number.isNaN(value)) value = this.#default(layout.features[feature]!.default);
      out[at + feature] = value;
    }
  }

  #default(value: number | string | null): number {
    if (typeof value === 'string') return this.context.codes.encode(value);
    return value ?? Number.NaN;
  }

  #ratio(partial: Partial, value: number, divisor: Measured, q: number): number {
    readMeasured(partial, divisor, q, ONE, 0, this.context.codes);
    return ONE[0] === 0 ? Number.NaN : value / ONE[0]!;
  }

  /** Forgets what no query from `now` on can see; of pages only whole ones. */
  #forget(now: number): void {
    const {events} = this;
    const {layout, fold} = this.context;
    const {reachMs, latenessMs, rows, gapMs} = layout;
    const {head, tail} = events;
    if (head === tail || !(events.time(head) < now - reachMs)) return;
    let keep = events.boundBefore(now - reachMs);
    if (rows > 0) keep = Math.min(keep, Math.max(head, events.boundBefore(now) - rows));
    // A late event may join two runs: keep the run that the earliest possible one would continue.
    if (gapMs > 0) keep = Math.min(keep, this.#runStartBefore(now - latenessMs, gapMs));
    if (this.lifetime !== null) {
      fold.of(events, this);
      this.lifetime.collapse(now - latenessMs);
      keep = this.lifetime.count === 0 ? head : Math.min(keep, events.boundBefore(this.lifetime.until));
    }
    if (keep === head) return;
    events.dropBefore(keep);
    this.tiles?.evictBefore(events.head === tail ? now - reachMs : events.time(events.head));
  }

  #runStartBefore(time: number, gapMs: number): number {
    const {events} = this;
    const after = events.lowerBound(time);
    if (after === events.head || time - events.time(after - 1) >= gapMs) return after;
    return events.runStart(after - 1, gapMs);
  }
}

const ONE = new Float64Array(1);
