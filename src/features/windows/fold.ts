import type {EventBuffer} from './event-buffer.ts';
import type {Layout, WindowRead} from './layout.ts';
import {emptyPartial, mergePartial, type Partial, type Tile, updatePartial} from './partial.ts';
import type {StringCodes} from './string-codes.ts';
import {TileCache} from './tile-cache.ts';

/** Widths of the tiles (ms), each a divisor of the next: 1 s, 10 s, 1 min, 5 min, 1 h, 6 h, 1 d, 16 d. */
export const WIDTHS: readonly number[] = [
  1_000, 10_000, 60_000, 300_000, 3_600_000, 21_600_000, 86_400_000, 1_382_400_000,
];

/** The level of the tiles that a lifetime is made of. */
export const HOURS = 4;

/** Up to so many events are folded one by one; more of them in whole tiles. */
export const FEW = 64;

/**
 * The one way in which the events of a stretch of time are folded, for every window and every execution.
 *
 * A stretch of at most 64 events is folded event by event. A longer one is cut at the edges of the widest tiles that
 * fit into it: what lies before the first, each tile, what lies after the last; the rests are cut by the next narrower
 * tiles. A tile of more than 64 events is folded by itself, by the same rule, and its partial aggregate is merged. The
 * order thus depends on the stretch and its events only, never on what was read before or kept, so that floating-point
 * sums agree to the bit in every execution; and a long window is read from a few dozen partial aggregates.
 */
export class Fold {
  readonly #layout: Layout;
  readonly #events: EventBuffer;
  readonly #codes: StringCodes;
  #cache: TileCache | null = null;
  /** No tile that ends after this was computed. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(layout: Layout, events: EventBuffer, codes: StringCodes) {
    this.#layout = layout;
    this.#events = events;
    this.#codes = codes;
  }

  /** Folds the events from index `i` on with times below `to` into `target`. Returns the index after the last. */
  stretch(
    target: Partial,
    read: Pick<WindowRead, 'accumulators' | 'collectors'>,
    from: number,
    to: number,
    i: number,
  ): number {
    return this.#stretch(target, read, WIDTHS.length - 1, from, to, i);
  }

  /** Folds whole tiles of a level from `first` to `last`, which are edges of it. */
  tiles(
    target: Partial,
    read: Pick<WindowRead, 'accumulators' | 'collectors'>,
    level: number,
    last: number,
    first: number,
  ): number {
    const {data, tail} = this.#events;
    const width = WIDTHS[level]!;
    let i = first;
    while (i < tail && data[i]! < last) {
      const number = Math.floor(data[i]! / width);
      const kept = this.#cache?.get(level, number);
      if (kept !== undefined) {
        mergePartial(target, read, kept);
        i += kept.count;
        continue;
      }
      const end = (number + 1) * width;
      if (this.#few(i, end)) i = this.events(target, read, end, i);
      else {
        const tile = this.#compute(level, number, i);
        mergePartial(target, read, tile);
        i += tile.count;
      }
    }
    return i;
  }

  /** Folds events one by one, from index `i` on, while their times are below `to`. */
  events(target: Partial, read: Pick<WindowRead, 'accumulators' | 'collectors'>, to: number, i: number): number {
    const events = this.#events;
    const end = events.lowerBound(to, i);
    updatePartial(target, read, events.data, events.stride, i, end, this.#codes);
    return end;
  }

  /** An event entered at `time`. */
  forget(time: number): void {
    if (time < this.#until) this.#cache?.forget(time);
  }

  /** Tiles before `time` are not read any more. */
  evictBefore(time: number): void {
    this.#cache?.evictBefore(time);
  }

  clear(): void {
    this.#cache = null;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  #few(i: number, end: number): boolean {
    const {data, tail} = this.#events;
    return i + FEW >= tail || data[i + FEW]! >= end;
  }

  #stretch(
    target: Partial,
    read: Pick<WindowRead, 'accumulators' | 'collectors'>,
    level: number,
    from: number,
    to: number,
    start: number,
  ): number {
    const {data, tail} = this.#events;
    if (start >= tail || data[start]! >= to) return start;
    if (level < 0 || this.#few(start, to)) return this.events(target, read, to, start);
    const width = WIDTHS[level]!;
    const first = Math.ceil(from / width) * width;
    const last = Math.floor(to / width) * width;
    if (first >= last) return this.#stretch(target, read, level - 1, from, to, start);
    let i = this.#stretch(target, read, level - 1, from, first, start);
    i = this.tiles(target, read, level, last, i);
    return this.#stretch(target, read, level - 1, last, to, i);
  }

  #compute(level: number, number: number, start: number): Tile {
    const tile: Tile = {...emptyPartial(this.#layout), count: 0};
    const from = number * WIDTHS[level]!;
    const to = from + WIDTHS[level]!;
    tile.count = this.#stretch(tile, this.#layout, level - 1, from, to, start) - start;
    this.#cache ??= new TileCache(WIDTHS);
    this.#cache.keep(level, number, tile);
    if (to > this.#until) this.#until = to;
    return tile;
  }
}
