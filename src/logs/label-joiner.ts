/**
 * Predictions wait here for their labels. A prediction made at `at` has the label window [at, at + within);
 * it matures when the clock reaches the end of that window, and not before, even if its label came early:
 * what is known early is not like the rest. A label counts if it became known after `at` and before the close,
 * as in training sets, so the answer does not depend on how often `mature` is called. The first prediction of an id counts, and its
 * first label; repetitions are counted and dropped.
 *
 * Rows lie in typed arrays by slot; `#order` is a ring of slots in order of prediction time. This file is a
 * hot path: predicting, shadowing, labelling and maturing a row takes one to two microseconds in all.
 */

import {LateLabels} from './late-labels.ts';

/** What another version thought of the same request. */
export type Shadow = {readonly version: number; readonly score: number};

/** A prediction whose label window has closed. */
export type MaturedRow = {
  readonly id: string;
  /** Query time of the prediction (UTC ms). */
  readonly at: number;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  readonly score: number;
  readonly shadows: readonly Shadow[];
  /** Null: unknown, no label came. */
  readonly label: number | null;
  /** When the label became known; null for unknown, and for an event that never came. */
  readonly knownAt: number | null;
};

/** Predictions whose label window is open, and what is known of them so far. */
export type KnownSoFar = {
  readonly scores: Float64Array;
  readonly versions: Uint32Array;
  /** NaN: still pending. */
  readonly labels: Float64Array;
};

/** The part of a label's definition that the joiner needs. */
export type LabelWindow = {
  readonly withinMs: number;
  /** `value`: unknown if nothing came; `exists`: 0 if nothing came. */
  readonly rule: 'value' | 'exists';
};

export type LabelJoinerOptions = {
  /** Labels that come so long after the close of their window are told apart as late; 0 unless told: they are dropped. */
  readonly lateMs?: number;
};

const NO_SHADOWS: readonly Shadow[] = [];

export class LabelJoiner {
  readonly #withinMs: number;
  readonly #absent: number | null;
  readonly #late: LateLabels;
  readonly #slots = new Map<string, number>();
  #capacity = 1_024;
  #ids: string[] = [];
  #shadows: (Shadow[] | undefined)[] = [];
  #at = new Float64Array(this.#capacity);
  #scores = new Float64Array(this.#capacity);
  #versions = new Uint32Array(this.#capacity);
  #canary = new Uint8Array(this.#capacity);
  /** NaN until known. */
  #labels = new Float64Array(this.#capacity);
  #knownAt = new Float64Array(this.#capacity);
  /** Slots that were given back; where there are none, the next is the number of open rows. */
  readonly #free: number[] = [];
  #order = new Uint32Array(this.#capacity);
  #head = 0;
  #open = 0;
  #duplicates = 0;
  #unmatched = 0;

  constructor({withinMs, rule}: LabelWindow, {lateMs = 0}: LabelJoinerOptions = {}) {
    if (!(withinMs > 0)) throw new RangeError(`A label window must be longer than nothing, got ${withinMs} ms.`);
    this.#withinMs = withinMs;
    this.#absent = rule === 'exists' ? 0 : null;
    // An event that did not come in time has made its label: 0. Only what is unknown can become known.
    this.#late = new LateLabels(withinMs, rule === 'exists' ? 0 : lateMs);
  }

  /** Predictions whose label window is open. */
  get open(): number {
    return this.#open;
  }

  /** Predictions and labels that came again for an id that had one. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Labels and shadow scores without an open prediction of their id, and labels from outside its window. */
  get unmatched(): number {
    return this.#unmatched;
  }

  /** A prediction that was served. Times usually rise; one that is out of order costs a step per open row after it. */
  predicted(id: string, at: number, version: number, role: 'champion' | 'canary', score: number): void {
    if (this.#slots.has(id)) {
      this.#duplicates++;
      return;
    }
    if (this.#open === this.#capacity) this.#grow();
    const slot = this.#free.pop() ?? this.#open;
    this.#slots.set(id, slot);
    this.#ids[slot] = id;
    this.#shadows[slot] = undefined;
    this.#at[slot] = at;
    this.#scores[slot] = score;
    this.#versions[slot] = version;
    this.#canary[slot] = role === 'canary' ? 1 : 0;
    this.#labels[slot] = Number.NaN;
    const mask = this.#capacity - 1;
    let place = this.#head + this.#open;
    for (; place > this.#head; place--) {
      const before = this.#order[(place - 1) & mask]!;
      if (this.#at[before]! <= at) break;
      this.#order[place & mask] = before;
    }
    this.#order[place & mask] = slot;
    this.#open++;
  }

  /** The score of another version for a request that was predicted before. */
  shadowed(id: string, version: number, score: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) {
      this.#unmatched++;
      return;
    }
    const shadow = {version, score};
    const shadows = this.#shadows[slot];
    if (shadows) shadows.push(shadow);
    else this.#shadows[slot] = [shadow];
  }

  /** A label, with the time at which the platform knew it (its event's arrival). */
  label(id: string, value: number, knownAt: number): void {
    const slot = this.#slots.get(id);
    if (slot === undefined || !(knownAt > this.#at[slot]! && knownAt < this.#at[slot]! + this.#withinMs)) {
      const openAt = slot === undefined || !Number.isNaN(this.#labels[slot]) ? null : this.#at[slot]!;
      if (!this.#late.label(id, value, knownAt, openAt)) this.#unmatched++;
      return;
    }
    if (!Number.isNaN(this.#labels[slot])) {
      this.#duplicates++;
      return;
    }
    this.#labels[slot] = value;
    this.#knownAt[slot] = knownAt;
  }

  /**
   * Takes out the rows whose label window has closed by `now`, in order of prediction time; ties keep the order in
   * which they were predicted. Labels known before `now` must have been given.
   */
  mature(now: number): MaturedRow[] {
    const rows: MaturedRow[] = [];
    const mask = this.#capacity - 1;
    while (this.#open > 0) {
      const slot = this.#order[this.#head & mask]!;
      const at = this.#at[slot]!;
      if (at + this.#withinMs > now) break;
      const id = this.#ids[slot]!;
      const label = this.#labels[slot]!;
      const unknown = Number.isNaN(label);
      const row: MaturedRow = {
        id,
        at,
        version: this.#versions[slot]!,
        role: this.#canary[slot] === 1 ? 'canary' : 'champion',
        score: this.#scores[slot]!,
        shadows: this.#shadows[slot] ?? NO_SHADOWS,
        label: unknown ? this.#absent : label,
        knownAt: unknown ? null : this.#knownAt[slot]!,
      };
      rows.push(row);
      if (row.label === null) this.#late.await(row);
      this.#slots.delete(id);
      this.#shadows[slot] = undefined;
      this.#head = (this.#head + 1) & mask;
      this.#open--;
      this.#free.push(slot);
    }
    this.#late.forget(now);
    return rows;
  }

  /** Rows that matured without a label and have one now, each once. */
  takeLate(): MaturedRow[] {
    return this.#late.take();
  }

  /** The open predictions made in [from, to). Walks over all open ones that are older than `to`. */
  knownSoFar(from: number, to: number): KnownSoFar {
    const mask = this.#capacity - 1;
    const slots: number[] = [];
    for (let i = 0; i < this.#open; i++) {
      const slot = this.#order[(this.#head + i) & mask]!;
      if (this.#at[slot]! >= to) break;
      if (this.#at[slot]! >= from) slots.push(slot);
    }
    return {
      scores: Float64Array.from(slots, slot => this.#scores[slot]!),
      versions: Uint32Array.from(slots, slot => this.#versions[slot]!),
      labels: Float64Array.from(slots, slot => this.#labels[slot]!),
    };
  }

  /** Doubles the room. Slots keep their numbers; the ring is laid out anew from its head. */
  #grow(): void {
    const old = this.#capacity;
    const capacity = old * 2;
    const copy = <A extends Float64Array | Uint32Array | Uint8Array>(grown: A, from: A): A => {
      grown.set(from);
      return grown;
    };
    this.#at = copy(new Float64Array(capacity), this.#at);
    this.#scores = copy(new Float64Array(capacity), this.#scores);
    this.#versions = copy(new Uint32Array(capacity), this.#versions);
    this.#canary = copy(new Uint8Array(capacity), this.#canary);
    this.#labels = copy(new Float64Array(capacity), this.#labels);
    this.#knownAt = copy(new Float64Array(capacity), this.#knownAt);
    const order = new Uint32Array(capacity);
    for (let i = 0; i < old; i++) order[i] = this.#order[(this.#head + i) & (old - 1)]!;
    this.#order = order;
    this.#head = 0;
    this.#capacity = capacity;
  }
}
