import {EventBuffer} from './event-buffer.ts';
import type {Accumulator, Layout, WindowRead} from './layout.ts';
import {TileCache} from './tile-cache.ts';

/** Keys with fewer events than this fold them one by one; their tiles are not worth keeping. */
const CACHE_FROM = 64;

/**
 * What one view keeps of one key, and the one way in which its windows are read: by the stream, by the
 * online read, and by the batch, which replays the sorted events of a key through it.
 *
 * A window [q - w, q) is folded in one canonical order: the events before the first whole tile, the largest
 * whole tiles in order of time, the events after the last one. A tile's state is the fold of its events (the
 * narrowest width) or of the tiles inside it; a tile with one event is folded as that event. The order depends
 * on the window and its events only, never on what was read before or kept, so that floating-point sums agree to
 * the bit in every execution.
 *
 * Query times do not decrease (events older than the longest window are forgotten).
 */
export class KeyState {
  readonly #layout: Layout;
  readonly #events: EventBuffer;
  #cache: TileCache | null = null;
  readonly #result: Float64Array;
  /** One state per width, for tiles that are not kept. */
  readonly #scratch: Float64Array[];

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#events = new EventBuffer(layout.inputs.length);
    this.#result = new Float64Array(layout.slots);
    this.#scratch = scratchOf(layout);
  }

  get events(): EventBuffer {
    return this.#events;
  }

  /** Adds an event; `inputs` from `at` on are its values. No later query is before `arrival`. */
  push(time: number, arrival: number, id: string, inputs: Float64Array, at: number): void {
    this.#events.evictBefore(arrival - this.#layout.maxWindowMs);
    this.#events.insert(time, id, inputs, at);
    if (this.#cache !== null)
      for (let level = 0; level < this.#layout.levels.length; level++)
        this.#cache.forget(level, Math.floor(time / this.#layout.levels[level]!));
  }

  /** Writes the features as of `q` (events at or after `q` are not seen) to `out` from `at` on; NaN is null. */
  read(q: number, out: Float64Array, at: number): void {
    const events = this.#events;
    events.evictBefore(q - this.#layout.maxWindowMs);
    if (this.#cache === null && this.#layout.levels.length > 0 && events.tail - events.head >= CACHE_FROM)
      this.#cache = new TileCache(this.#layout);
    const end = events.lowerBound(q);
    for (const read of this.#layout.reads) {
      this.#fold(read, q - read.windowMs, q, end);
      for (const {accumulator, feature} of read.answers)
        out[at + feature] = accumulator.aggregation.read(this.#result, accumulator.slot);
    }
  }

  /** Makes it the state of a key without events. */
  clear(): void {
    this.#events.clear();
    this.#cache = null;
  }

  #fold({accumulators}: WindowRead, from: number, to: number, end: number): void {
    const events = this.#events;
    const result = this.#result;
    for (const {aggregation, slot} of accumulators) aggregation.empty(result, slot);
    let i = events.lowerBound(from);
    const {levels} = this.#layout;
    const narrow = levels[0];
    if (narrow !== undefined) {
      const first = Math.ceil(from / narrow) * narrow;
      const last = Math.floor(to / narrow) * narrow;
      while (i < end && events.times[i]! < first) this.#update(accumulators, result, i++);
      while (i < end && events.times[i]! < last) {
        const time = events.times[i]!;
        let level = levels.length - 1;
        let tile = 0;
        for (; level >= 0; level--) {
          const width = levels[level]!;
          tile = Math.floor(time / width);
          if (tile * width >= first && (tile + 1) * width <= last) break;
        }
        if (i + 1 === end || events.times[i + 1]! >= (tile + 1) * levels[level]!)
          this.#update(accumulators, result, i++);
        else i += this.#mergeTile(accumulators, result, level, tile, i);
      }
    }
    while (i < end) this.#update(accumulators, result, i++);
  }

  #update(accumulators: readonly Accumulator[], state: Float64Array, event: number): void {
    const {inputs} = this.#events;
    const base = event * this.#layout.inputs.length;
    for (const {aggregation, input, slot} of accumulators) {
      const value = inputs[base + input]!;
      if (!Number.isNaN(value)) aggregation.update(state, slot, value);
    }
  }

  /** Merges the tile whose first event is `first` into `target`; returns the number of its events. */
  #mergeTile(
    accumulators: readonly Accumulator[],
    target: Float64Array,
    level: number,
    tile: number,
    first: number,
  ): number {
    const cache = this.#cache;
    const state = cache === null ? this.#scratch[level]! : cache.states[level]!;
    const offset = cache === null ? 0 : cache.offset(level, tile);
    if (cache === null || !cache.has(level, tile)) {
      this.#compute(state, offset, level, tile, first);
      cache?.keep(level, tile);
    }
    for (const {aggregation, slot} of accumulators) aggregation.merge(target, slot, state, offset + slot);
    return state[offset + this.#layout.slots]!;
  }

  #compute(state: Float64Array, offset: number, level: number, tile: number, first: number): void {
    const {accumulators, levels, slots} = this.#layout;
    const end = (tile + 1) * levels[level]!;
    const own = this.#scratch[level]!;
    for (const {aggregation, slot} of accumulators) aggregation.empty(own, slot);
    const {times, tail} = this.#events;
    const narrower = levels[level - 1] ?? 0;
    let i = first;
    while (i < tail && times[i]! < end) {
      const tile = level === 0 ? 0 : Math.floor(times[i]! / narrower);
      if (level === 0 || i + 1 === tail || times[i + 1]! >= (tile + 1) * narrower) this.#update(accumulators, own, i++);
      else i += this.#mergeTile(accumulators, own, level - 1, tile, i);
    }
    own[slots] = i - first;
    if (own !== state || offset !== 0) state.set(own, offset);
  }
}

const scratches = new WeakMap<Layout, Float64Array[]>();

/** All states of a layout share their scratch: reads never interleave. */
function scratchOf(layout: Layout): Float64Array[] {
  let scratch = scratches.get(layout);
  if (!scratch) {
    scratch = layout.levels.map(() => new Float64Array(layout.slots + 1));
    scratches.set(layout, scratch);
  }
  return scratch;
}
