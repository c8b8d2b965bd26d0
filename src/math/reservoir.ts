/**
 * Which places the items of a stream of unknown length take in a uniform sample of fixed size: algorithm L
 * (Li, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", 1994), which draws
 * random numbers only for the items that are kept.
 */
export class ReservoirSlots {
  readonly capacity: number;
  readonly #random: () => number;
  #seen = 0;
  #weight = 1;
  /** Number of the next item to keep, counted from 1; meaningful once all places are taken. */
  #next = 0;

  constructor(capacity: number, random: () => number) {
    if (!(Number.isInteger(capacity) && capacity > 0))
      throw new RangeError(`the capacity of a reservoir must be a positive integer, got ${capacity}`);
    this.capacity = capacity;
    this.#random = random;
  }

  /** How many items were offered. */
  get seen(): number {
    return this.#seen;
  }

  /** Place of the next item, from 0 to the capacity less one; whoever has it gives it up. -1: it is not kept. */
  offer(): number {
    const seen = ++this.#seen;
    if (seen > this.capacity) {
      if (seen !== this.#next) return -1;
      const slot = Math.floor(this.#random() * this.capacity);
      this.#skip();
      return slot;
    }
    if (seen === this.capacity) this.#skip();
    return seen - 1;
  }

  #skip(): void {
    this.#weight *= (1 - this.#random()) ** (1 / this.capacity);
    this.#next = this.#seen + 1 + Math.floor(Math.log(1 - this.#random()) / Math.log1p(-this.#weight));
  }
}

/** A uniform sample of a stream of unknown length, in memory that does not grow. */
export class Reservoir<T> {
  readonly #slots: ReservoirSlots;
  readonly #items: T[] = [];

  constructor(capacity: number, random: () => number) {
    this.#slots = new ReservoirSlots(capacity, random);
  }

  /** How many items were offered. */
  get seen(): number {
    return this.#slots.seen;
  }

  /** What is kept: every item while no more than the capacity were offered, a uniform sample later; in no order. */
  get items(): readonly T[] {
    return this.#items;
  }

  offer(item: T): void {
    const slot = this.#slots.offer();
    if (slot >= 0) this.#items[slot] = item;
  }
}
