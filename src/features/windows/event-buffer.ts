import {compareIds} from './event-order.ts';

/**
 * The events of one key that a window can still see, in order of (time, id): times and inputs in flat
 * arrays. Appending in order is amortised O(1); a late event is moved into its place.
 */
export class EventBuffer {
  readonly #width: number;
  #head = 0;
  #tail = 0;
  times: Float64Array;
  inputs: Float64Array;
  #ids: string[] = [];

  constructor(width: number, capacity = 8) {
    this.#width = width;
    this.times = new Float64Array(capacity);
    this.inputs = new Float64Array(capacity * width);
  }

  /** Index of the first event. */
  get head(): number {
    return this.#head;
  }

  /** Index after the last event. */
  get tail(): number {
    return this.#tail;
  }

  id(index: number): string {
    return this.#ids[index]!;
  }

  /** Puts an event in its place. */
  insert(time: number, id: string, values: Float64Array, from: number): void {
    if (this.#tail === this.times.length) this.#makeRoom();
    let at = this.#tail;
    while (at > this.#head && this.#follows(at - 1, time, id)) at--;
    if (at < this.#tail) {
      this.times.copyWithin(at + 1, at, this.#tail);
      this.inputs.copyWithin((at + 1) * this.#width, at * this.#width, this.#tail * this.#width);
      this.#ids.splice(at, 0, id);
    } else this.#ids[at] = id;
    this.times[at] = time;
    for (let k = 0; k < this.#width; k++) this.inputs[at * this.#width + k] = values[from + k]!;
    this.#tail++;
  }

  /** Forgets the events before `time`. */
  evictBefore(time: number): void {
    while (this.#head < this.#tail && this.times[this.#head]! < time) this.#head++;
  }

  /** Index of the first event at or after `time`. */
  lowerBound(time: number): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.#head = 0;
    this.#tail = 0;
    this.#ids.length = 0;
  }

  #follows(index: number, time: number, id: string): boolean {
    const other = this.times[index]!;
    return other > time || (other === time && compareIds(this.#ids[index]!, id) > 0);
  }

  /** Moves the events to the front, into larger arrays if more than half of them are alive. */
  #makeRoom(): void {
    const alive = this.#tail - this.#head;
    const capacity = alive * 2 > this.times.length ? this.times.length * 2 : this.times.length;
    const times = new Float64Array(capacity);
    const inputs = new Float64Array(capacity * this.#width);
    times.set(this.times.subarray(this.#head, this.#tail));
    inputs.set(this.inputs.subarray(this.#head * this.#width, this.#tail * this.#width));
    this.#ids = this.#ids.slice(this.#head, this.#tail);
    this.times = times;
    this.inputs = inputs;
    this.#head = 0;
    this.#tail = alive;
  }
}
