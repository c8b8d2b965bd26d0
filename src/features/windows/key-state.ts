import {boundsAt} from '../definitions/window.ts';
import {EventBuffer} from './event-buffer.ts';
import {Fold} from './fold.ts';
import type {Answer, Layout, Measured, WindowRead} from './layout.ts';
import {Lifetime} from './lifetime.ts';
import {clearPartial, emptyPartial, type Partial, readMeasured} from './partial.ts';
import type {StringCodes} from './string-codes.ts';

/**
 * What one view keeps of one key, and the one way in which its windows are read: by the stream, by the online read,
 * and by the batch, which replays the sorted events of a key through it. How a window is folded is `Fold`'s.
 *
 * Query times do not decrease: what no later query can see is forgotten.
 */
export class KeyState {
  readonly #layout: Layout;
  readonly #codes: StringCodes;
  readonly #fold: Fold;
  readonly events: EventBuffer;
  readonly lifetime: Lifetime | null;

  constructor(layout: Layout, codes: StringCodes) {
    this.#layout = layout;
    this.#codes = codes;
    this.events = new EventBuffer(layout.inputs.length);
    this.#fold = new Fold(layout, this.events, codes);
    this.lifetime = layout.lifetime && new Lifetime(layout, layout.lifetime, this.events, this.#fold, codes);
  }

  /** Adds an event; `inputs` from `at` on are its values. No later query is before `arrival`. */
  push(time: number, arrival: number, id: string, inputs: Float64Array, at: number): void {
    if (this.events.tail === this.events.stride) this.#forget(arrival);
    if (this.lifetime !== null && time < this.lifetime.until) this.lifetime.takeLate(time, inputs, at);
    this.events.insert(time, id, inputs, at);
    this.#fold.forget(time);
  }

  /** Writes the features as of `q` (events at or after `q` are not seen) to `out` from `at` on; NaN is null. */
  read(q: number, out: Float64Array, at: number): void {
    const {events} = this;
    this.#forget(q);
    const end = events.tail === events.head || events.data[events.tail - 1]! < q ? events.tail : events.lowerBound(q);
    const {partial, answers} = scratchOf(this.#layout);
    for (const read of this.#layout.reads) {
      clearPartial(partial, read);
      this.#gather(partial, read, q, end);
      for (const answer of read.answers) this.#answer(partial, answer, q, answers, out, at);
    }
  }

  /** Makes it the state of a key without events. */
  clear(): void {
    this.events.clear();
    this.#fold.clear();
    this.lifetime?.clear();
  }

  #gather(partial: Partial, read: WindowRead, q: number, end: number): void {
    const {window} = read;
    const {events} = this;
    switch (window.kind) {
      case 'lifetime':
        this.lifetime!.fold(partial, q, end);
        return;
      case 'rows':
        this.#fold.events(partial, read, q, Math.max(events.head, end - window.count));
        return;
      case 'session': {
        if (end === events.head || q - events.data[end - 1]! >= window.gapMs) return;
        const first = this.#runStart(end - 1, window.gapMs);
        this.#fold.stretch(partial, read, events.data[first]!, q, first);
        return;
      }
      default: {
        const {from, to} = boundsAt(window, q);
        this.#fold.stretch(partial, read, from, to, events.lowerBound(from, events.head, end));
      }
    }
  }

  /** Index of the first event of the run that event `i` belongs to: neighbours are less than `gapMs` apart. */
  #runStart(i: number, gapMs: number): number {
    const {data, head} = this.events;
    let first = i;
    while (first > head && data[first]! - data[first - 1]! < gapMs) first--;
    return first;
  }

  #answer(
    partial: Partial,
    {measured, features}: Answer,
    q: number,
    answers: Float64Array,
    out: Float64Array,
    at: number,
  ): void {
    readMeasured(partial, measured, q, answers, 0, this.#codes);
    for (const {feature, element, divisor} of features)
      out[at + feature] = divisor === null ? answers[element]! : this.#ratio(partial, answers[element]!, divisor, q);
  }

  #ratio(partial: Partial, value: number, divisor: Measured, q: number): number {
    readMeasured(partial, divisor, q, ONE, 0, this.#codes);
    return ONE[0] === 0 ? Number.NaN : value / ONE[0]!;
  }

  /** Forgets what no query from `now` on can see. */
  #forget(now: number): void {
    const {events} = this;
    const {reachMs, latenessMs, rows, gapMs} = this.#layout;
    const {data, head, tail} = events;
    if (head === tail || !(data[head]! < now - reachMs)) return;
    let keep = events.lowerBound(now - reachMs);
    if (rows > 0) keep = Math.min(keep, Math.max(head, events.lowerBound(now) - rows));
    // A late event may join two runs: keep the run that the earliest possible one would continue.
    if (gapMs > 0) keep = Math.min(keep, this.#runStartBefore(now - latenessMs, gapMs));
    if (this.lifetime !== null) {
      this.lifetime.collapse(now - latenessMs);
      keep = this.lifetime.count === 0 ? head : Math.min(keep, events.lowerBound(this.lifetime.until));
    }
    if (keep === head) return;
    events.dropBefore(keep);
    this.#fold.evictBefore(keep === tail ? now - reachMs : data[keep]!);
  }

  #runStartBefore(time: number, gapMs: number): number {
    const after = this.events.lowerBound(time);
    if (after === this.events.head || time - this.events.data[after - 1]! >= gapMs) return after;
    return this.#runStart(after - 1, gapMs);
  }
}

const ONE = new Float64Array(1);

const scratches = new WeakMap<Layout, {partial: Partial; answers: Float64Array}>();

/** All states of a layout share what they fold into: reads never interleave. */
function scratchOf(layout: Layout): {partial: Partial; answers: Float64Array} {
  let scratch = scratches.get(layout);
  if (!scratch) {
    scratch = {partial: emptyPartial(layout), answers: new Float64Array(layout.outputs)};
    scratches.set(layout, scratch);
  }
  return scratch;
}
