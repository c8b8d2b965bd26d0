import type {Tile} from './partial.ts';

/** Narrow tiles are needed near the edges of windows only: so many of a width are kept. */
const MOST_NARROW = 512;
/** From this width on (ms), all tiles that a window can see are kept. */
const KEPT_FROM = 3_600_000;

/**
 * Partial aggregates of whole tiles that were needed once, by width. A tile that an event enters is forgotten and
 * computed again when it is next needed, so that a late event costs one tile per width.
 */
export class TileCache {
  readonly #widths: readonly number[];
  readonly #tiles: readonly Map<number, Tile>[];

  constructor(widths: readonly number[]) {
    this.#widths = widths;
    this.#tiles = widths.map(() => new Map());
  }

  get(level: number, tile: number): Tile | undefined {
    return this.#tiles[level]!.get(tile);
  }

  keep(level: number, number: number, tile: Tile): void {
    const tiles = this.#tiles[level]!;
    if (tiles.size >= MOST_NARROW && this.#widths[level]! < KEPT_FROM) tiles.clear();
    tiles.set(number, tile);
  }

  /** Forgets the tiles that contain `time`. */
  forget(time: number): void {
    for (let level = 0; level < this.#widths.length; level++)
      this.#tiles[level]!.delete(Math.floor(time / this.#widths[level]!));
  }

  /** Forgets wide tiles that begin before `time`; Maps keep the order in which tiles came, nearly that of time. */
  evictBefore(time: number): void {
    for (let level = 0; level < this.#widths.length; level++) {
      const first = Math.floor(time / this.#widths[level]!);
      for (const number of this.#tiles[level]!.keys()) {
        if (number >= first) break;
        this.#tiles[level]!.delete(number);
      }
    }
  }
}
