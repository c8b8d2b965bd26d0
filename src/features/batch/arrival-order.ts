import type {KeyState} from '../windows/key-state.ts';
import type {Layout} from '../windows/layout.ts';
import type {ReplayInput} from './replay.ts';

/** Shows a state the events of a key as they arrive, and those that lie before a position of the log. */
export class ArrivalOrder {
  readonly #input: ReplayInput;
  readonly #inputs: Float64Array;
  readonly #arrivalColumn: number;
  readonly #positionColumn: number;
  #base = 0;
  #count = 0;
  /** The events in order of arrival. */
  #order: Uint32Array = new Uint32Array(0);
  #next = 0;
  /** Those that have arrived, and lie behind the position of the row that was asked for last. */
  #waiting: number[] = [];
  #lowest = Number.POSITIVE_INFINITY;

  constructor(layout: Layout, input: ReplayInput) {
    this.#input = input;
    this.#inputs = new Float64Array(layout.inputs.length);
    this.#arrivalColumn = input.arrivals ? layout.inputs.length + 1 : 0;
    this.#positionColumn = layout.inputs.length + (input.arrivals ? 2 : 1);
  }

  /** Begins with the events of a key. */
  begin(key: number): void {
    const {starts, width} = this.#input.events;
    this.#base = starts[key]! * width;
    this.#count = starts[key + 1]! - starts[key]!;
    this.#next = 0;
    this.#waiting = [];
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#sort();
  }

  /** Pushes what had arrived by `q` and lies before `limit`; NaN is no limit. Neither decreases. */
  show(state: KeyState, q: number, limit: number): void {
    if (!(this.#lowest >= limit)) this.#release(state, limit);
    const {positions} = this.#input;
    while (this.#next < this.#count) {
      const i = this.#order[this.#next]!;
      if (this.#at(this.#arrivalColumn, i) > q) return;
      this.#next++;
      if (positions && this.#at(this.#positionColumn, i) >= limit) {
        this.#waiting.push(i);
        this.#lowest = Math.min(this.#lowest, this.#at(this.#positionColumn, i));
      } else this.#push(state, i);
    }
  }

  #at(column: number, i: number): number {
    return this.#input.events.data[this.#base + column * this.#count + i]!;
  }

  #release(state: KeyState, limit: number): void {
    const position = (i: number) => this.#at(this.#positionColumn, i);
    for (const i of this.#waiting) if (!(position(i) >= limit)) this.#push(state, i);
    this.#waiting = this.#waiting.filter(i => position(i) >= limit);
    this.#lowest = this.#waiting.reduce((low, i) => Math.min(low, position(i)), Number.POSITIVE_INFINITY);
  }

  #push(state: KeyState, i: number): void {
    const time = this.#at(0, i);
    for (let c = 0; c < this.#inputs.length; c++) this.#inputs[c] = this.#at(c + 1, i);
    state.push(time, this.#at(this.#arrivalColumn, i), this.#idOf(i, time), this.#inputs, 0);
  }

  /** Stands for the id of an event: the same order, and needed only where times are equal. */
  #idOf(i: number, time: number): string {
    const tied = (i > 0 && this.#at(0, i - 1) === time) || (i + 1 < this.#count && this.#at(0, i + 1) === time);
    return tied ? String(i).padStart(10, '0') : '';
  }

  /** Most events arrive in order of time: only the others are sorted, and merged into these. */
  #sort(): void {
    const n = this.#count;
    if (this.#order.length < n) this.#order = new Uint32Array(2 ** Math.ceil(Math.log2(n)));
    const order = this.#order;
    let latest = Number.NEGATIVE_INFINITY;
    const late: number[] = [];
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const arrival = this.#at(this.#arrivalColumn, i);
      const ahead = i + 1 < n && this.#at(this.#arrivalColumn, i + 1) < arrival;
      if (arrival < latest || ahead) late.push(i);
      else {
        order[kept++] = i;
        latest = arrival;
      }
    }
    if (late.length === 0) return;
    const arrivalOf = (i: number) => this.#at(this.#arrivalColumn, i);
    late.sort((a, b) => arrivalOf(a) - arrivalOf(b) || a - b);
    let from = kept - 1;
    let rest = late.length - 1;
    for (let to = n - 1; rest >= 0; to--) {
      const one = late[rest]!;
      const takeOne =
        from < 0 ||
        arrivalOf(one) > arrivalOf(order[from]!) ||
        (arrivalOf(one) === arrivalOf(order[from]!) && one > order[from]!);
      if (takeOne) {
        order[to] = one;
        rest--;
      } else order[to] = order[from--]!;
    }
  }
}
