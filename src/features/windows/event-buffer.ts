import {compareIds} from './event-order.ts';

/**
 * The events of one key that a window can still see, in order of (time, id), column by column in one flat array:
 * times, then each input. Appending in order is amortised O(1); a late event is moved into its place.
 */
export class EventBuffer {
  readonly #columns: number;
  #head = 0;
  #tail = 0;
  #ids: string[] = [];
  #capacity: number;
  /** Column c of event i is at `c * stride + i`; column 0 are the times. */
  data: Float64Array;

  /** `inputs`: values kept of an event beside its time. */
  constructor(inputs: number, capacity = 4) {
    this.#columns = inputs + 1;
    this.#capacity = capacity;
    this.data = new Float64Array(capacity * this.#columns);
  }

  /** Index of the first event. */
  get head(): number {
    return this.#head;
  }

  /** Index after the last event. */
  get tail(): number {
    return this.#tail;
  }

  get stride(): number {
    return this.#capacity;
  }

  id(index: number): string {
    return this.#ids[index]!;
  }

  /** Puts an event in its place; its inputs are `values` from `from` on. Returns its index. */
  insert(time: number, id: string, values: Float64Array, from: number): number {
    if (this.#tail === this.#capacity) this.#makeRoom();
    const {data} = this;
    let at = this.#tail;
    if (at > this.#head && data[at - 1]! >= time) {
      at = this.lowerBound(time);
      while (at < this.#tail && data[at] === time && compareIds(this.#ids[at]!, id) <= 0) at++;
    }
    if (at < this.#tail) {
      for (let c = 0; c < this.#columns; c++) {
        const base = c * this.#capacity;
        data.copyWithin(base + at + 1, base + at, base + this.#tail);
      }
      this.#ids.splice(at, 0, id);
    } else this.#ids[at] = id;
    data[at] = time;
    for (let c = 1; c < this.#columns; c++) data[c * this.#capacity + at] = values[from + c - 1]!;
    this.#tail++;
    return at;
  }

  /** Forgets the events before this index. */
  dropBefore(index: number): void {
    this.#head = index;
  }

  /** Index of the first event of [from, to) at or after `time`; `to` if there is none. */
  lowerBound(time: number, from = this.#head, to = this.#tail): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.data[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#head = 0;
    this.#tail = 0;
    this.#ids.length = 0;
  }

  /** Moves the events to the front, into a larger array if more than half of them are alive. */
  #makeRoom(): void {
    const alive = this.#tail - this.#head;
    const capacity = alive * 2 > this.#capacity ? this.#capacity * 2 : this.#capacity;
    const data = new Float64Array(capacity * this.#columns);
    for (let c = 0; c < this.#columns; c++) {
      const base = c * this.#capacity;
      data.set(this.data.subarray(base + this.#head, base + this.#tail), c * capacity);
    }
    this.#ids = this.#ids.slice(this.#head, this.#tail);
    this.data = data;
    this.#capacity = capacity;
    this.#head = 0;
    this.#tail = alive;
  }
}
