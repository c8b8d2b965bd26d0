import type {Meter} from '../windows/arena.ts';
import {KeyState} from '../windows/key-state.ts';
import type {Layout} from '../windows/layout.ts';
import {decodeState} from '../windows/packed-state.ts';
import {StateContext} from '../windows/state-context.ts';
import type {StringCodes} from '../windows/string-codes.ts';

/** Where states lie that are not in memory. */
export type StateSource = {
  load(key: string): Uint8Array | undefined;
  loadPage(key: string, page: number): Uint8Array | undefined;
  /** There is nothing in it yet. */
  readonly empty: boolean;
};

export type CacheOptions = {
  /** Absent: all states stay in memory. */
  readonly source?: StateSource;
  /** Counts the memory of all caches that share a budget. */
  readonly meter?: Meter;
  /** Above so many bytes, states that the source has too leave memory. */
  readonly budgetBytes?: number;
  /** Events of a page of a busy key. */
  readonly pageEvents?: number;
};

/** Memory of a key beside its events: measured on a million keys. */
const KEY_BYTES = 430;
/** States looked at when one more comes into a full cache. */
const STEPS = 8;

/**
 * The states of a view's keys that are in memory. The others are read from the source when they are asked for. What
 * was changed stays until it has been saved; of the rest, that which was not used since the hand last passed leaves
 * (second chance: Corbató 1968).
 */
export class StateCache {
  readonly context: StateContext;
  readonly #layout: Layout;
  readonly #codes: StringCodes;
  readonly #source: StateSource | undefined;
  readonly #budget: number;
  readonly #keyBytes: number;
  readonly #states = new Map<string, KeyState>();
  #dirty: KeyState[] = [];
  #hand = this.#states.values();
  /** Whether the source has states that are not in memory. */
  #others: boolean;

  constructor(layout: Layout, codes: StringCodes, options: CacheOptions = {}) {
    const {source, meter = {bytes: 0}, budgetBytes = Number.POSITIVE_INFINITY, pageEvents = 1_024} = options;
    this.#layout = layout;
    this.#codes = codes;
    this.#source = source;
    this.#budget = budgetBytes;
    this.#keyBytes = KEY_BYTES + (layout.lifetime === null ? 0 : lifetimeBytes(layout));
    this.#others = source !== undefined && !source.empty;
    this.context = new StateContext(
      layout,
      codes,
      source === undefined ? {meter} : {meter, pageEvents, loadPage: (key, page) => source.loadPage(key, page)},
    );
  }

  /** States in memory. */
  get size(): number {
    return this.#states.size;
  }

  get dirtyCount(): number {
    return this.#dirty.length;
  }

  /** The state of a key, if it has one. */
  get(key: string): KeyState | undefined {
    const state = this.#states.get(key);
    if (state !== undefined) {
      state.used = true;
      return state;
    }
    return this.#others ? this.#load(key) : undefined;
  }

  /** The state of a key, which is about to be changed. */
  change(key: string): KeyState {
    const state = this.get(key) ?? this.#add(new KeyState(this.#layout, this.#codes, this.context, key));
    if (!state.dirty) {
      state.dirty = true;
      this.#dirty.push(state);
    }
    return state;
  }

  /** Hands over the states that have to be saved: they are dirty no more, but stay in memory until `saved`. */
  takeDirty(): readonly KeyState[] {
    const taken = this.#dirty;
    this.#dirty = [];
    for (const state of taken) {
      state.dirty = false;
      state.saving = true;
    }
    return taken;
  }

  /** What became of the states that were taken. */
  saved(taken: readonly KeyState[], done: boolean): void {
    for (const state of taken) {
      state.saving = false;
      if (done || state.dirty) continue;
      state.dirty = true;
      this.#dirty.push(state);
    }
  }

  /** Looks at up to so many states as long as there is too much in memory. */
  sweep(steps: number): void {
    const {meter} = this.context;
    for (let step = 0; step < steps && meter.bytes > this.#budget && this.#states.size > 0; step++) {
      let next = this.#hand.next();
      if (next.done) {
        this.#hand = this.#states.values();
        next = this.#hand.next();
      }
      const state = next.value as KeyState;
      if (state.saving) continue;
      if (state.used) {
        state.used = false;
        state.shrink();
      } else if (!state.dirty) {
        this.#states.delete(state.key);
        state.release();
        meter.bytes -= this.#keyBytes;
        this.#others = true;
      }
    }
  }

  #load(key: string): KeyState | undefined {
    const bytes = this.#source!.load(key);
    return bytes === undefined ? undefined : this.#add(decodeState(bytes, this.context, key));
  }

  #add(state: KeyState): KeyState {
    if (this.#source !== undefined) this.sweep(STEPS);
    this.context.meter.bytes += this.#keyBytes;
    this.#states.set(state.key, state);
    return state;
  }
}

/** Memory of the prefix of a lifetime as it begins; what exact counts of values add to it is not counted. */
function lifetimeBytes({slots, collectors}: Layout): number {
  return collectors.reduce((sum, {collection}) => sum + collection.size(collection.empty()), 400 + 8 * slots);
}
