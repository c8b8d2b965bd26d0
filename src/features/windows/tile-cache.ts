import type {Layout} from './layout.ts';

/**
 * Partial aggregates of whole tiles that were needed once, one ring per width. A tile that an event enters
 * is forgotten and computed again when it is next needed, so that a late event costs one tile per width.
 */
export class TileCache {
  /** Number of the tile that each place holds; NaN: none. */
  readonly #tiles: Float64Array[];
  /** States, each of `slots + 1` numbers; the last is the number of events. */
  readonly states: Float64Array[];
  readonly #capacities: number[];
  readonly #stride: number;

  constructor(layout: Layout) {
    this.#stride = layout.slots + 1;
    this.#capacities = layout.levels.map(width => Math.ceil(layout.maxWindowMs / width) + 2);
    this.#tiles = this.#capacities.map(capacity => new Float64Array(capacity).fill(Number.NaN));
    this.states = this.#capacities.map(capacity => new Float64Array(capacity * this.#stride));
  }

  /** Where in `states[level]` the state of this tile lies or will lie. */
  offset(level: number, tile: number): number {
    return this.#place(level, tile) * this.#stride;
  }

  has(level: number, tile: number): boolean {
    return this.#tiles[level]![this.#place(level, tile)] === tile;
  }

  keep(level: number, tile: number): void {
    this.#tiles[level]![this.#place(level, tile)] = tile;
  }

  forget(level: number, tile: number): void {
    if (this.has(level, tile)) this.#tiles[level]![this.#place(level, tile)] = Number.NaN;
  }

  #place(level: number, tile: number): number {
    const capacity = this.#capacities[level]!;
    const rest = tile % capacity;
    return rest < 0 ? rest + capacity : rest;
  }
}
