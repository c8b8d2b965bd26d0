import {MillraceError} from '../../protocol/index.ts';
import type {Meter} from './arena.ts';
import {compareIds} from './event-order.ts';
import {decodePage, type PageContent} from './packed-page.ts';

/** Pages that a key may have in memory while it is read, beside those that are not yet in a store. */
const MOST_LOADED = 64;

/** The bytes of a page of the key, by its number. */
export type PageLoader = (number: number) => Uint8Array | undefined;

/** Consecutive events that lie in a store: what is known of them without reading it. */
export type Page = {
  readonly number: number;
  count: number;
  /** Time of the first and of the last event. */
  first: number;
  last: number;
  /** The longest time between two neighbours within the page. */
  gap: number;
  /** Index of its first event among those of all pages. */
  start: number;
  /** Columns of `count` values each; null while they are in the store only. */
  data: Float64Array | null;
  /** Ids of the events; null where they are in the store only, or were dropped since no late event can come before them. */
  ids: string[] | null;
  /** Changed since it was last handed to a store; handed over, but not yet known to be there. */
  dirty: boolean;
  saving: boolean;
  used: boolean;
};

/** The older events of a busy key, in pages that lie in a store and are read when a window needs them. */
export class EventPages {
  readonly #columns: number;
  readonly #load: PageLoader;
  readonly #meter: Meter;
  readonly list: Page[] = [];
  /** Numbers of pages that hold nothing any more, and are still in the store. */
  readonly gone: number[] = [];
  nextNumber = 0;
  count = 0;
  #loaded = 0;
  #near = 0;

  constructor(columns: number, meter: Meter, load: PageLoader) {
    this.#columns = columns;
    this.#meter = meter;
    this.#load = load;
  }

  /** Time of the last event. */
  get last(): number {
    return this.list.at(-1)?.last ?? Number.NEGATIVE_INFINITY;
  }

  /** Adds a page behind all others. */
  append(content: PageContent): void {
    const page = this.#pageOf(this.nextNumber++, content);
    page.start = this.count;
    this.count += page.count;
    this.list.push(page);
  }

  /** A page as a directory knows it. */
  restore(number: number, count: number, first: number, last: number, gap: number): void {
    const start = this.count;
    this.count += count;
    const state = {data: null, ids: null, dirty: false, saving: false, used: false};
    this.list.push({number, count, first, last, gap, start, ...state});
  }

  /** The page that event `k` is in. */
  pageAt(k: number): Page {
    const {list} = this;
    const near = list[this.#near];
    if (near !== undefined && k >= near.start && k < near.start + near.count) return near;
    let low = 0;
    let high = list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (list[middle]!.start <= k) low = middle;
      else high = middle - 1;
    }
    this.#near = low;
    return list[low]!;
  }

  time(k: number): number {
    const page = this.pageAt(k);
    if (k === page.start) return page.first;
    if (k === page.start + page.count - 1) return page.last;
    return this.dataOf(page)[k - page.start]!;
  }

  id(k: number): string | null {
    const page = this.pageAt(k);
    return this.#idsOf(page)?.[k - page.start] ?? null;
  }

  /** Its columns, read from the store if need be. */
  dataOf(page: Page): Float64Array {
    page.used = true;
    if (page.data === null) {
      if (this.#loaded >= MOST_LOADED) this.unload(false);
      page.data = this.#read(page, false).data;
      this.#meter.bytes += page.data.byteLength;
      this.#loaded++;
    }
    return page.data;
  }

  /** Index of the first event at or after `time`. With `coarse`, perhaps of an earlier one, but nothing is read. */
  lowerBound(time: number, coarse = false): number {
    const {list} = this;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]!.last < time) low = middle + 1;
      else high = middle;
    }
    const page = list[low];
    if (page === undefined) return this.count;
    if (coarse || time <= page.first) return page.start;
    const data = this.dataOf(page);
    let from = 0;
    let to = page.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (data[middle]! < time) from = middle + 1;
      else to = middle;
    }
    return page.start + from;
  }

  /** Start of the run whose next event is at `next`: whole pages are passed over by their longest gap. */
  runStart(next: number, gapMs: number, before = this.count): number {
    let k = before;
    let time = next;
    while (k > 0) {
      const page = this.pageAt(k - 1);
      if (k === page.start + page.count && time - page.last < gapMs && page.gap < gapMs) {
        k = page.start;
        time = page.first;
        continue;
      }
      if (time - this.time(k - 1) >= gapMs) return k;
      time = this.time(--k);
    }
    return k;
  }

  /** Puts a late event before event `k`. A page that becomes twice as long as `size` is cut in two. */
  insert(k: number, id: string, row: Float64Array, size: number): void {
    const page = this.pageAt(Math.min(k, this.count - 1));
    const at = k - page.start;
    const ids = this.#idsOf(page);
    const old = this.dataOf(page);
    const {count} = page;
    const data = new Float64Array((count + 1) * this.#columns);
    for (let c = 0; c < this.#columns; c++) {
      data.set(old.subarray(c * count, c * count + at), c * (count + 1));
      data[c * (count + 1) + at] = row[c]!;
      data.set(old.subarray(c * count + at, (c + 1) * count), c * (count + 1) + at + 1);
    }
    const content = {count: count + 1, data, ids: ids && [...ids.slice(0, at), id, ...ids.slice(at)]};
    const place = this.list.indexOf(page);
    const parts = content.count < 2 * size ? [content] : [part(content, 0, size), part(content, size, content.count)];
    this.#forget(page);
    const made = parts.map((each, i) => this.#pageOf(i === 0 ? page.number : this.nextNumber++, each));
    this.list.splice(place, 1, ...made);
    this.#count();
  }

  /** Forgets the pages that lie wholly before event `k`. Returns how many events went. */
  dropBefore(k: number): number {
    let gone = 0;
    while (gone < this.list.length && this.list[gone]!.start + this.list[gone]!.count <= k) gone++;
    if (gone === 0) return 0;
    for (const page of this.list.splice(0, gone)) {
      this.gone.push(page.number);
      this.#forget(page);
    }
    const before = this.count;
    this.#count();
    return before - this.count;
  }

  /** Gives back the memory of clean pages: of those that were not used since the last time, or of all. */
  unload(all: boolean): void {
    for (const page of this.list) {
      if (page.data === null || page.dirty || page.saving) continue;
      if (page.used && !all) page.used = false;
      else this.#forget(page);
    }
    if (!all && this.#loaded >= MOST_LOADED) this.unload(true);
  }

  #read(page: Page, withIds: boolean): PageContent {
    const bytes = this.#load(page.number);
    if (bytes === undefined)
      throw new MillraceError('STORE_CORRUPT', `Page ${page.number} of the live state of a key is missing.`, {
        fix: 'Remove the online store of the project: the live state is then made again from the event log.',
      });
    const content = decodePage(bytes, this.#columns, withIds);
    const {count, data} = content;
    if (count === page.count && data[0] === page.first && data[count - 1] === page.last) return content;
    throw new MillraceError(
      'STORE_CORRUPT',
      `Page ${page.number} of the live state of a key is not the one it names.`,
      {
        fix: 'Ask again if another process writes it; else remove the online store: it is made again from the event log.',
      },
    );
  }

  #idsOf(page: Page): string[] | null {
    return page.ids ?? (page.dirty || page.saving ? null : this.#read(page, true).ids);
  }

  #pageOf(number: number, {count, data, ids}: PageContent): Page {
    this.#meter.bytes += data.byteLength;
    this.#loaded++;
    let gap = 0;
    for (let i = 1; i < count; i++) gap = Math.max(gap, data[i]! - data[i - 1]!);
    const [first, last] = [data[0]!, data[count - 1]!];
    return {number, count, first, last, gap, start: 0, data, ids, dirty: true, saving: false, used: true};
  }

  #forget(page: Page): void {
    if (page.data === null) return;
    this.#meter.bytes -= page.data.byteLength;
    this.#loaded--;
    page.data = null;
    page.ids = null;
  }

  #count(): void {
    this.count = 0;
    for (const page of this.list) {
      page.start = this.count;
      this.count += page.count;
    }
    this.#near = 0;
  }
}

/** Events [from, to) of a page. */
function part({count, data, ids}: PageContent, from: number, to: number): PageContent {
  const columns = data.length / count;
  const cut = new Float64Array((to - from) * columns);
  for (let c = 0; c < columns; c++) cut.set(data.subarray(c * count + from, c * count + to), c * (to - from));
  return {count: to - from, data: cut, ids: ids?.slice(from, to) ?? null};
}

/** Whether an event with this id comes after one of the same time; an unknown id comes first. */
export const comesAfter = (id: string, other: string | null): boolean => other === null || compareIds(other, id) <= 0;
