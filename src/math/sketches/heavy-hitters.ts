/**
 * The most frequent keys of a stream over a sliding window, in memory that does not grow: Space-Saving (Metwally,
 * Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005), each of whose
 * counters is kept step by step, so that what is older than the window can be taken off again.
 *
 * A key that is new when all counters are taken gets the one with the least, and with it that count: `count` is what
 * the counter holds, `counted` what this key itself has added since it got it. Counters sum to the additions in the
 * window. So a key loses its counter only while its count is at most (additions in the window) / capacity, `counted`
 * is never more than the truth, and all is exact while no more than `capacity` keys occur in a window.
 */
export class HeavyHitters {
  readonly capacity: number;
  readonly #stepMs: number;
  readonly #steps: number;
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  /** By slot: what the counter holds and what its key added, in all and step by step (a ring). */
  readonly #count: Uint32Array;
  readonly #counted: Uint32Array;
  readonly #countBy: Uint32Array;
  readonly #countedBy: Uint32Array;
  /** Slots as a binary heap, the least count on top, and where each slot stands in it. */
  readonly #heap: Uint32Array;
  readonly #place: Uint32Array;
  /** The step that time is in, counted from the epoch. */
  #step = Number.NEGATIVE_INFINITY;

  /** `windowMs` is looked back on in `steps` steps: at time t everything since the last whole step before t - windowMs counts. */
  constructor({capacity, windowMs, steps}: {capacity: number; windowMs: number; steps: number}) {
    if (!(Number.isSafeInteger(capacity) && capacity > 0 && Number.isSafeInteger(steps) && steps > 0 && windowMs > 0))
      throw new RangeError(`no counters can be kept for ${JSON.stringify({capacity, windowMs, steps})}`);
    this.capacity = capacity;
    this.#stepMs = windowMs / steps;
    this.#steps = steps + 1;
    this.#count = new Uint32Array(capacity);
    this.#counted = new Uint32Array(capacity);
    this.#countBy = new Uint32Array(capacity * this.#steps);
    this.#countedBy = new Uint32Array(capacity * this.#steps);
    this.#heap = new Uint32Array(capacity);
    this.#place = new Uint32Array(capacity);
  }

  /** Counters that are taken. */
  get size(): number {
    return this.#keys.length;
  }

  /** Counts a key at `time` (ms). What comes late counts in the step that time has reached. */
  add(key: string, time: number): void {
    this.advanceTo(time);
    const slot = this.#slots.get(key) ?? this.#take(key);
    const at = slot * this.#steps + this.#ring(this.#step);
    this.#count[slot]!++;
    this.#counted[slot]!++;
    this.#countBy[at]!++;
    this.#countedBy[at]!++;
    this.#sink(this.#place[slot]!);
  }

  /** Takes off what the window has left by `time`. */
  advanceTo(time: number): void {
    const step = Math.floor(time / this.#stepMs);
    if (step <= this.#step) return;
    const passed = Math.min(step - this.#step, this.#steps);
    this.#step = step;
    for (let back = 0; back < passed; back++) this.#takeOff(this.#ring(step - back));
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  /** Keys that were counted at least `times` in the window, the most frequent first; those of equal count by key. */
  atLeast(times: number): {readonly key: string; readonly counted: number; readonly count: number}[] {
    return this.#keys
      .map((key, slot) => ({key, counted: this.#counted[slot]!, count: this.#count[slot]!}))
      .filter(({counted}) => counted >= times)
      .sort((a, b) => b.counted - a.counted || (a.key < b.key ? -1 : 1));
  }

  #ring(step: number): number {
    return ((step % this.#steps) + this.#steps) % this.#steps;
  }

  #take(key: string): number {
    if (this.size < this.capacity) {
      const slot = this.#keys.push(key) - 1;
      this.#slots.set(key, slot);
      this.#heap[slot] = slot;
      this.#place[slot] = slot;
      this.#rise(slot);
      return slot;
    }
    const slot = this.#heap[0]!;
    this.#slots.delete(this.#keys[slot]!);
    this.#slots.set(key, slot);
    this.#keys[slot] = key;
    this.#counted[slot] = 0;
    this.#countedBy.fill(0, slot * this.#steps, (slot + 1) * this.#steps);
    return slot;
  }

  #takeOff(ring: number): void {
    for (let slot = 0; slot < this.size; slot++) {
      const at = slot * this.#steps + ring;
      this.#count[slot]! -= this.#countBy[at]!;
      this.#counted[slot]! -= this.#countedBy[at]!;
      this.#countBy[at] = 0;
      this.#countedBy[at] = 0;
    }
  }

  #sink(from: number): void {
    let i = from;
    for (;;) {
      let least = i;
      for (let child = 2 * i + 1; child <= 2 * i + 2 && child < this.size; child++)
        if (this.#count[this.#heap[child]!]! < this.#count[this.#heap[least]!]!) least = child;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #rise(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.#count[this.#heap[parent]!]! <= this.#count[this.#heap[i]!]!) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i]!, this.#heap[j]!];
    this.#heap[i] = b;
    this.#heap[j] = a;
    this.#place[b] = i;
    this.#place[a] = j;
  }
}
