import type {Meter} from './arena.ts';
import type {Layout} from './layout.ts';
import type {Tile} from './partial.ts';
import {HOURS, WIDTHS} from './tile-widths.ts';

/** Narrow tiles are needed near the edges of windows only: so many of a width are kept. */
const MOST_NARROW = 512;

/** Memory of a tile beside its state (bytes). */
const OVERHEAD = 350;

/**
 * Partial aggregates of whole tiles that were needed once, by width: all of an hour and above that a window can see,
 * and some narrower ones. A tile that an event enters is forgotten and computed again when it is next needed, so that a
 * late event costs one tile per width.
 */
export class TileCache {
  readonly #layout: Layout;
  readonly #meter: Meter;
  readonly #tiles: (Map<number, Tile> | undefined)[] = WIDTHS.map(() => undefined);
  /** No tile that is kept ends after this. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(layout: Layout, meter: Meter) {
    this.#layout = layout;
    this.#meter = meter;
  }

  get(level: number, number: number): Tile | undefined {
    return this.#tiles[level]?.get(number);
  }

  keep(level: number, number: number, tile: Tile): void {
    if (level < HOURS && (this.#tiles[level]?.size ?? 0) >= MOST_NARROW) this.#clear(level);
    this.#tiles[level] ??= new Map();
    this.#tiles[level].set(number, tile);
    this.#count(this.#sizeOf(tile));
    this.#until = Math.max(this.#until, (number + 1) * WIDTHS[level]!);
  }

  /** Tiles of an hour and above: level, number and tile. */
  *wide(): Generator<readonly [level: number, number: number, tile: Tile]> {
    for (let level = HOURS; level < WIDTHS.length; level++)
      for (const [number, tile] of this.#tiles[level] ?? []) yield [level, number, tile];
  }

  /** Forgets the tiles that contain `time`. */
  forget(time: number): void {
    if (time >= this.#until) return;
    for (let level = 0; level < WIDTHS.length; level++) this.#delete(level, Math.floor(time / WIDTHS[level]!));
  }

  /** Forgets wide tiles that begin before `time`; Maps keep the order in which tiles came, nearly that of time. */
  evictBefore(time: number): void {
    for (let level = 0; level < WIDTHS.length; level++) {
      const first = Math.floor(time / WIDTHS[level]!);
      for (const number of this.#tiles[level]?.keys() ?? []) {
        if (number >= first) break;
        this.#delete(level, number);
      }
    }
  }

  /** Gives back the memory of narrow tiles, or of all. */
  release(all: boolean): void {
    for (let level = 0; level < (all ? WIDTHS.length : HOURS); level++) this.#clear(level);
  }

  #delete(level: number, number: number): void {
    const tile = this.#tiles[level]?.get(number);
    if (tile === undefined) return;
    this.#count(-this.#sizeOf(tile));
    this.#tiles[level]!.delete(number);
  }

  #clear(level: number): void {
    for (const tile of this.#tiles[level]?.values() ?? []) this.#count(-this.#sizeOf(tile));
    this.#tiles[level] = undefined;
  }

  #count(bytes: number): void {
    this.#meter.bytes += bytes;
  }

  #sizeOf({slots, objects}: Tile): number {
    let bytes = OVERHEAD + slots.byteLength;
    for (const {collection, index} of this.#layout.collectors) bytes += collection.size(objects[index]);
    return bytes;
  }
}
