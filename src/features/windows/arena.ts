// Room for the events of a million keys without a million arrays: an ArrayBuffer of its own costs more than the two
// events that most keys have, to make and to collect.

/** Counts the bytes that are held, so that an owner can bound them. */
export type Meter = {bytes: number};

/** Numbers in one array that chunks are cut from (1 MiB). */
const SLAB = 1 << 17;
/** Larger chunks are arrays of their own. */
const LARGEST = SLAB / 16;

/** Hands out chunks for a power of two of events, and takes them back. */
export class Arena {
  readonly meter: Meter;
  /** Numbers of an event. */
  readonly #columns: number;
  readonly #free: {readonly data: Float64Array; readonly base: number}[][] = [];
  #slab: Float64Array = new Float64Array(0);
  #used = 0;
  /** Where the chunk that was taken last lies. */
  data: Float64Array = this.#slab;
  base = 0;

  constructor(columns: number, meter: Meter) {
    this.#columns = columns;
    this.meter = meter;
  }

  /** Makes `data` and `base` those of a chunk for `capacity` events. It holds whatever it held before. */
  take(capacity: number): void {
    const length = capacity * this.#columns;
    this.meter.bytes += length * 8;
    const free = this.#free[Math.log2(capacity)]?.pop();
    if (free !== undefined) {
      this.data = free.data;
      this.base = free.base;
    } else if (length > LARGEST) {
      this.data = new Float64Array(length);
      this.base = 0;
    } else {
      if (this.#used + length > this.#slab.length) {
        this.#slab = new Float64Array(SLAB);
        this.#used = 0;
      }
      this.data = this.#slab;
      this.base = this.#used;
      this.#used += length;
    }
  }

  give(data: Float64Array, base: number, capacity: number): void {
    const length = capacity * this.#columns;
    this.meter.bytes -= length * 8;
    if (length > LARGEST) return;
    const size = Math.log2(capacity);
    while (this.#free.length <= size) this.#free.push([]);
    this.#free[size]!.push({data, base});
  }
}
