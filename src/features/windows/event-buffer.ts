import type {Arena} from './arena.ts';
import {comesAfter, EventPages, type PageLoader} from './event-pages.ts';

/** What follows from the layout of a view, the same for all its keys. */
export type BufferOptions = {
  readonly arena: Arena;
  /** Numbers of an event: its time and its inputs. */
  readonly columns: number;
  /** Events of a page; 0 keeps all in memory. */
  readonly pageEvents: number;
};

const NO_IDS: string[] = [];

/**
 * The events of one key that a window can still see, in order of (time, id). The latest are open: they lie in a chunk
 * of an arena, column by column, and appending in order is amortised O(1). Older ones of a busy key are in pages, whose
 * indices come before those of the open events (and may be negative). A late event is moved into its place.
 */
export class EventBuffer {
  readonly #options: BufferOptions;
  /** Column c of open event i is at `base + c * stride + i`; column 0 are the times. */
  data: Float64Array;
  base: number;
  stride: number;
  /** Index of the first open event. */
  open = 0;
  /** Index after the last event. */
  tail = 0;
  pages: EventPages | null = null;
  /** Of the open events from `firstId` on: earlier ones need none, since no late event can come before them. */
  #ids: string[] = NO_IDS;
  #firstId = 0;
  /** Where the events are that `seek` was asked for: event i has its time at `runOffset + i` of `runData`. */
  runData: Float64Array;
  runOffset = 0;
  runStride = 0;

  constructor(options: BufferOptions, capacity = 2) {
    this.#options = options;
    const {arena} = options;
    arena.take(capacity);
    this.data = arena.data;
    this.base = arena.base;
    this.stride = capacity;
    this.runData = this.data;
  }

  /** Index of the first event. */
  get head(): number {
    return this.pages === null ? this.open : this.open - this.pages.count;
  }

  get isFull(): boolean {
    return this.tail === this.stride;
  }

  time(index: number): number {
    return index >= this.open ? this.data[this.base + index]! : this.pages!.time(index - this.head);
  }

  /** Null if it was dropped. */
  id(index: number): string | null {
    if (index < this.open) return this.pages!.id(index - this.head);
    return this.#ids[index - this.#firstId] ?? null;
  }

  /** Finds the columns of the event at `index`; what lies behind it up to the index returned lies there too. */
  seek(index: number): number {
    if (index >= this.open) {
      this.runData = this.data;
      this.runOffset = this.base;
      this.runStride = this.stride;
      return this.tail;
    }
    const {head} = this;
    const page = this.pages!.pageAt(index - head);
    this.runData = this.pages!.dataOf(page);
    this.runOffset = -(head + page.start);
    this.runStride = page.count;
    return head + page.start + page.count;
  }

  /** Puts an event in its place; its inputs are `values` from `from` on. */
  insert(time: number, id: string, values: Float64Array, from: number): void {
    if (this.tail === this.stride) this.#makeRoom();
    const {data, base, stride, open} = this;
    let at = this.tail;
    if (at > this.head && this.time(at - 1) >= time) {
      at = this.#placeOf(time, id);
      if (at < open) {
        this.#insertPaged(at, time, id, values, from);
        return;
      }
    }
    const {columns} = this.#options;
    if (at < this.tail)
      for (let c = 0; c < columns; c++) {
        const column = base + c * stride;
        data.copyWithin(column + at + 1, column + at, column + this.tail);
      }
    data[base + at] = time;
    for (let c = 1; c < columns; c++) data[base + c * stride + at] = values[from + c - 1]!;
    if (at < this.#firstId) this.#firstId++;
    else if (this.#ids.length === 0) this.#ids = [id];
    else if (at === this.tail) this.#ids.push(id);
    else this.#ids.splice(at - this.#firstId, 0, id);
    this.tail++;
  }

  /** Forgets the events before this index; of pages only whole ones. */
  dropBefore(index: number): void {
    if (this.pages !== null) {
      this.pages.dropBefore(Math.min(index, this.open) - this.head);
      if (this.pages.count > 0) return;
    }
    if (index > this.open) this.open = index;
  }

  /** Drops ids of events before `settled`: none can enter before it any more. */
  dropIds(settled: number): void {
    const end = this.#openBound(settled, this.open, this.tail);
    if (end <= this.#firstId) return;
    this.#ids = end === this.tail ? NO_IDS : this.#ids.slice(end - this.#firstId);
    this.#firstId = end;
  }

  /** The ids that are kept: those of the last open events. */
  get ids(): readonly string[] {
    return this.open <= this.#firstId ? this.#ids : this.#ids.slice(this.open - this.#firstId);
  }

  /** Index of the first event from `from` on at or after `time`; the tail if there is none. */
  lowerBound(time: number, from = this.head): number {
    if (from < this.open && this.pages !== null && time <= this.pages.last)
      return Math.max(from, this.head + this.pages.lowerBound(time));
    return this.#openBound(time, Math.max(from, this.open), this.tail);
  }

  /** As `lowerBound`, or a little before it: no page is read. */
  boundBefore(time: number): number {
    if (this.pages !== null && time <= this.pages.last) return this.head + this.pages.lowerBound(time, true);
    return this.#openBound(time, this.open, this.tail);
  }

  /** Index of the first event of the run that event `i` belongs to: neighbours are less than `gapMs` apart. */
  runStart(i: number, gapMs: number): number {
    let first = i;
    while (first > this.open && this.time(first) - this.time(first - 1) < gapMs) first--;
    if (first > this.open || this.pages === null) return first;
    return this.head + this.pages.runStart(this.time(first), gapMs, first - this.head);
  }

  clear(): void {
    this.open = 0;
    this.tail = 0;
    this.#ids = NO_IDS;
    this.#firstId = 0;
    this.pages = null;
  }

  /** Gives its memory back; it is not to be used after. */
  release(): void {
    this.#options.arena.give(this.data, this.base, this.stride);
    this.pages?.unload(true);
  }

  /** Takes what `open` events and ids were written down, into a buffer that is empty. */
  restore(columns: Float64Array, from: number, count: number, ids: string[]): void {
    for (let c = 0; c < this.#options.columns; c++)
      for (let i = 0; i < count; i++) this.data[this.base + c * this.stride + i] = columns[from + c * count + i]!;
    this.tail = count;
    this.#ids = ids;
    this.#firstId = count - ids.length;
  }

  /** Index of the first event that comes after (time, id). Of one time there may be thousands. */
  #placeOf(time: number, id: string): number {
    let low = this.lowerBound(time);
    let high = this.tail;
    while (low < high) {
      const middle = low + ((high - low) >>> 1); // Indices may be negative.
      if (this.time(middle) === time && comesAfter(id, this.id(middle))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #openBound(time: number, from: number, to: number): number {
    const {data, base} = this;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (data[base + middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insertPaged(at: number, time: number, id: string, values: Float64Array, from: number): void {
    const row = Float64Array.of(time, ...values.subarray(from, from + this.#options.columns - 1));
    this.pages!.insert(at - this.head, id, row, this.#options.pageEvents);
  }

  /** Moves the open events to the front, into a larger chunk if more than half of it is alive. */
  #makeRoom(): void {
    const {arena, columns} = this.#options;
    const {data, base, stride, open, tail} = this;
    const alive = tail - open;
    const capacity = alive * 2 > stride ? stride * 2 : stride;
    if (capacity !== stride) arena.take(capacity);
    const to = capacity === stride ? {data, base} : {data: arena.data, base: arena.base};
    for (let c = 0; c < columns; c++) {
      const column = base + c * stride;
      to.data.set(data.subarray(column + open, column + tail), to.base + c * capacity);
    }
    if (capacity !== stride) arena.give(data, base, stride);
    this.data = to.data;
    this.base = to.base;
    this.stride = capacity;
    this.#ids = this.ids as string[];
    this.#firstId = Math.max(0, this.#firstId - open);
    this.open = 0;
    this.tail = alive;
  }

  /** Makes pages of the oldest open events, if there are enough for a page and as many again. */
  seal(load: PageLoader): void {
    const {pageEvents: size, columns, arena} = this.#options;
    if (size === 0) return;
    while (this.tail - this.open >= 2 * size) {
      const content = {count: size, data: new Float64Array(size * columns), ids: null as string[] | null};
      const {data, base, stride, open} = this;
      for (let c = 0; c < columns; c++) {
        const column = base + c * stride + open;
        content.data.set(data.subarray(column, column + size), c * size);
      }
      // Ids that were dropped already are empty: they come before every id.
      const known = open + size > this.#firstId;
      if (known) content.ids = Array.from({length: size}, (_, i) => this.#ids[open + i - this.#firstId] ?? '');
      this.pages ??= new EventPages(columns, arena.meter, load);
      this.pages.append(content);
      this.open = open + size;
    }
  }
}
