import type {Meter} from './arena.ts';
import type {EventBuffer} from './event-buffer.ts';
import type {Folded, Layout} from './layout.ts';
import {emptyPartial, mergePartial, type Partial, type Tile, updatePartial} from './partial.ts';
import type {StringCodes} from './string-codes.ts';
import {TileCache} from './tile-cache.ts';
import {WIDTHS} from './tile-widths.ts';

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
 *
 * One serves all keys of a view: `of` turns it to a key. Tiles that are kept are passed over without looking at their
 * events, whose pages thus stay in the store.
 */
export class Fold {
  readonly #layout: Layout;
  readonly #codes: StringCodes;
  readonly #meter: Meter;
  #events!: EventBuffer;
  #owner!: {tiles: TileCache | null};

  constructor(layout: Layout, codes: StringCodes, meter: Meter) {
    this.#layout = layout;
    this.#codes = codes;
    this.#meter = meter;
  }

  /** What follows is about these events, and keeps its tiles there. */
  of(events: EventBuffer, owner: {tiles: TileCache | null}): void {
    this.#events = events;
    this.#owner = owner;
  }

  /** Folds the events from index `i` on with times below `to` into `target`. Returns the index after the last. */
  stretch(target: Partial, read: Folded, from: number, to: number, i: number): number {
    return this.#stretch(target, read, WIDTHS.length - 1, from, to, i);
  }

  /**
   * Folds whole tiles of a level up to `last`, an edge of it, beginning with event `i`. `next`: the number of a tile
   * before which there is no event from `i` on, if it is known.
   */
  tiles(target: Partial, read: Folded, level: number, last: number, i: number, next = Number.NaN): number {
    const {tail} = this.#events;
    const width = WIDTHS[level]!;
    const end = last / width;
    let number = next;
    while (i < tail && !(number >= end)) {
      // A tile that is kept has events: it is the next one, if there is none before it.
      let kept = this.#owner.tiles?.get(level, number);
      if (kept === undefined) {
        const time = this.#events.time(i);
        if (time >= last) break;
        const found = Math.floor(time / width);
        if (found !== number) kept = this.#owner.tiles?.get(level, found);
        number = found;
      }
      if (kept === undefined && this.#few(i, (number + 1) * width))
        i = this.events(target, read, (number + 1) * width, i);
      else {
        const tile = kept ?? this.#compute(level, number, i);
        mergePartial(target, read, tile);
        i += tile.count;
      }
      number++;
    }
    return i;
  }

  /** Folds events one by one, from index `i` on, while their times are below `to`. */
  events(target: Partial, read: Folded, to: number, i: number): number {
    const events = this.#events;
    const end = events.lowerBound(to, i);
    for (let at = i; at < end; ) {
      const stop = Math.min(end, events.seek(at));
      const {runData, runOffset, runStride} = events;
      updatePartial(target, read, runData, runStride, runOffset + at, runOffset + stop, this.#codes);
      at = stop;
    }
    return end;
  }

  #few(i: number, end: number): boolean {
    return i + FEW >= this.#events.tail || this.#events.time(i + FEW) >= end;
  }

  #stretch(target: Partial, read: Folded, level: number, from: number, to: number, start: number): number {
    if (from >= to || start >= this.#events.tail || this.#events.time(start) >= to) return start;
    if (level < 0 || this.#few(start, to)) return this.events(target, read, to, start);
    const width = WIDTHS[level]!;
    const first = Math.ceil(from / width) * width;
    const last = Math.floor(to / width) * width;
    if (first >= last) return this.#stretch(target, read, level - 1, from, to, start);
    let i = this.#stretch(target, read, level - 1, from, first, start);
    i = this.tiles(target, read, level, last, i, first / width);
    return this.#stretch(target, read, level - 1, last, to, i);
  }

  #compute(level: number, number: number, start: number): Tile {
    const tile: Tile = {...emptyPartial(this.#layout), count: 0};
    const from = number * WIDTHS[level]!;
    const to = from + WIDTHS[level]!;
    tile.count = this.#stretch(tile, this.#layout, level - 1, from, to, start) - start;
    this.#owner.tiles ??= new TileCache(this.#layout, this.#meter);
    this.#owner.tiles.keep(level, number, tile);
    return tile;
  }
}
