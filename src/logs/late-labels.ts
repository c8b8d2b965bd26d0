/** Labels that come after their window has closed: too late for training and for releases, but performance is measured again with them. */

import type {MaturedRow} from './label-joiner.ts';

/** Rows without a label that are remembered; the oldest are forgotten first. */
const MOST_ROWS = 200_000;

export class LateLabels {
  readonly #withinMs: number;
  readonly #lateMs: number;
  readonly #waiting = new Map<string, MaturedRow>();
  /** In the order of their times; those before `#first` are forgotten. */
  #order: MaturedRow[] = [];
  #first = 0;
  /** Of predictions that have not matured yet, when history is read again: known late, to be told of then. */
  readonly #early = new Map<string, {readonly value: number; readonly knownAt: number}>();
  #found: MaturedRow[] = [];

  constructor(withinMs: number, lateMs: number) {
    this.#withinMs = withinMs;
    this.#lateMs = lateMs;
  }

  /** `openAt`: time of the prediction where it has not matured. Whether the label is one that came late. */
  label(id: string, value: number, knownAt: number, openAt: number | null): boolean {
    const row = this.#waiting.get(id);
    const at = row?.at ?? openAt;
    if (at === null || knownAt < at + this.#withinMs || knownAt >= at + this.#withinMs + this.#lateMs) return false;
    if (row) this.#find(row, value, knownAt);
    else if (!this.#early.has(id)) this.#early.set(id, {value, knownAt});
    return true;
  }

  /** A row that matured without a label. */
  await(row: MaturedRow): void {
    if (this.#lateMs === 0) return;
    const early = this.#early.get(row.id);
    this.#early.delete(row.id);
    if (early) {
      this.#find(row, early.value, early.knownAt);
      return;
    }
    this.#waiting.set(row.id, row);
    this.#order.push(row);
    if (this.#order.length - this.#first > MOST_ROWS) this.#drop();
  }

  /** Forgets rows whose time for late labels has passed. */
  forget(now: number): void {
    while (this.#first < this.#order.length && this.#order[this.#first]!.at + this.#withinMs + this.#lateMs <= now)
      this.#drop();
    if (this.#first > 1_024 && this.#first * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#first);
      this.#first = 0;
    }
  }

  take(): MaturedRow[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #find(row: MaturedRow, label: number, knownAt: number): void {
    this.#waiting.delete(row.id);
    this.#found.push({...row, label, knownAt});
  }

  #drop(): void {
    this.#waiting.delete(this.#order[this.#first++]!.id);
  }
}
