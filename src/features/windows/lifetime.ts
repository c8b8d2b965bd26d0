import type {EventBuffer} from './event-buffer.ts';
import {FEW, type Fold} from './fold.ts';
import type {Layout, WindowRead} from './layout.ts';
import {clearPartial, emptyPartial, mergePartial, type Partial, updatePartial} from './partial.ts';
import type {StateContext} from './state-context.ts';
import type {StringCodes} from './string-codes.ts';
import {HOURS, WIDTHS} from './tile-widths.ts';

const HOUR = WIDTHS[HOURS]!;

/**
 * All events of a key since the beginning: those that no late event can precede any more are folded into one partial
 * aggregate (`prefix`) and need not be kept. A lifetime of at most 64 events is folded event by event, a longer one
 * hour by hour; the prefix ends at a whole hour, so that it changes no bit. Where nothing rounds, it ends anywhere.
 */
export class Lifetime {
  readonly #layout: Layout;
  readonly #read: WindowRead;
  readonly #events: EventBuffer;
  readonly #fold: Fold;
  readonly #codes: StringCodes;
  readonly prefix: Partial;
  /** Number of events in the prefix; all lie before `until`. */
  count = 0;
  until = Number.NEGATIVE_INFINITY;

  constructor({layout, fold, codes}: StateContext, read: WindowRead, events: EventBuffer) {
    this.#layout = layout;
    this.#read = read;
    this.#events = events;
    this.#fold = fold;
    this.#codes = codes;
    this.prefix = emptyPartial(layout);
  }

  /** An event whose place is in the prefix already; its values are `inputs` from `at` on. */
  takeLate(time: number, inputs: Float64Array, at: number): void {
    const row = Float64Array.of(time, ...inputs.subarray(at, at + this.#layout.inputs.length));
    updatePartial(this.prefix, this.#read, row, 1, 0, 1, this.#codes);
    this.count++;
  }

  /** Folds all events before index `end` (those before `q`) into `target`. */
  fold(target: Partial, q: number, end: number): void {
    const events = this.#events;
    const start = this.#start();
    mergePartial(target, this.#read, this.prefix);
    if (start >= end) return;
    if (this.#layout.lifetimeExact) this.#fold.stretch(target, this.#read, events.time(start), q, start);
    else if (this.count + end - start <= FEW) this.#fold.events(target, this.#read, q, start);
    else this.#hours(target, q, start);
  }

  /** Index of the first event that is not in the prefix. */
  #start(): number {
    return this.count === 0 ? this.#events.head : this.#events.lowerBound(this.until);
  }

  #hours(target: Partial, q: number, start: number): void {
    const last = Math.floor(q / HOUR) * HOUR;
    const i = this.#fold.tiles(target, this.#read, HOURS, last, start);
    this.#fold.stretch(target, this.#read, last, q, i);
  }

  /** Takes into the prefix what lies before `final`: no event can come before it any more. */
  collapse(final: number): void {
    const start = this.#start();
    const events = this.#events;
    if (this.#layout.lifetimeExact) {
      const end = events.lowerBound(final, start);
      if (end === start) return;
      this.#fold.events(this.prefix, this.#read, final, start);
      this.count += end - start;
      this.until = final;
      return;
    }
    const hour = Math.floor(final / HOUR) * HOUR;
    const end = events.lowerBound(hour, start);
    if (end === start || this.count + end - start <= FEW) return;
    this.#fold.tiles(this.prefix, this.#read, HOURS, hour, start);
    this.count += end - start;
    this.until = hour;
  }

  clear(): void {
    clearPartial(this.prefix, this.#layout);
    this.count = 0;
    this.until = Number.NEGATIVE_INFINITY;
  }
}
