import {setTimeout as pause} from 'node:timers/promises';
import {MillraceError} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {type FeatureRow, type Request, RowMaker} from './row-maker.ts';
import {Needed, type ReadPages, Replaced, StoredReads} from './stored-reads.ts';

/** Rows, and the time as of which they are. */
export type StoreRows = {readonly at: number; readonly rows: readonly FeatureRow[]};

/** Rounds of reading what a state refers to, before it is given up. */
const MOST_ROUNDS = 1_000;
/** Times that a read begins anew when the writer is faster; the pause doubles from a few milliseconds. */
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 3;

/**
 * Reads a feature set from states that another process keeps in a store, one value per view and key, without holding
 * anything itself. Values are those of the last checkpoint that the store has, with every window moved on to `q`; an
 * event that is held there, because its arrival time lies ahead, is seen with a later checkpoint. What does not belong
 * together, since the store is being written meanwhile, is read again.
 */
export class StoreReader {
  readonly set: FeatureSet;
  readonly #store: OnlineStore;
  readonly #rows: RowMaker;
  readonly #views: readonly StoredReads[];

  private constructor(set: FeatureSet, store: OnlineStore) {
    this.set = set;
    this.#store = store;
    this.#rows = new RowMaker(set);
    this.#views = set.views.map(({view}) => new StoredReads(view));
  }

  /**
   * Throws NOT_READY where the store has no state of a view in this version, or one that is still being filled, and USAGE
   * for a set with views that are read as of cuts.
   */
  static async open(set: FeatureSet, store: OnlineStore): Promise<StoreReader> {
    const cut = set.views.find(({refresh}) => refresh !== undefined);
    if (cut)
      throw new MillraceError(
        'USAGE',
        `'${set.name}' reads '${cut.view.name}' as of cuts, which a copy of the live state cannot answer.`,
        {
          fix: 'Ask the server that has the event log.',
        },
      );
    const reader = new StoreReader(set, store);
    const records = await store.getMany(reader.#views.map(({recordKey}) => recordKey));
    for (const [v, view] of reader.#views.entries()) await view.take(records[v], store);
    return reader;
  }

  /**
   * One row for each request, as of `q`, or of the writer's clock if that is ahead: one call of the store, and more only
   * for busy keys. Throws NOT_READY, STORE_UNAVAILABLE, and what the store throws.
   */
  async read(requests: readonly Request[], q: number): Promise<StoreRows> {
    for (let tries = 1; ; tries++)
      try {
        return await this.#read(requests, q);
      } catch (error) {
        if (!(error instanceof Replaced) && !(error instanceof MillraceError && error.code === 'STORE_CORRUPT'))
          throw error;
        if (tries < MOST_TRIES) await pause(FIRST_PAUSE_MS * 2 ** tries);
        else if (error instanceof MillraceError) throw error;
        else
          throw new MillraceError('STORE_UNAVAILABLE', error.message, {
            cause: error,
            fix: 'Ask again; if that does not help, look whether the process that writes the store is alive.',
          });
      }
  }

  async #read(requests: readonly Request[], q: number): Promise<StoreRows> {
    const width = this.#views.length;
    const keys = requests.flatMap(request => this.#views.map((_, v) => this.#rows.key(v, request)));
    const wanted = new Map(this.#views.map(({recordKey}, v) => [recordKey, v]));
    const names = keys.map((key, i) => (key === null ? null : this.#views[i % width]!.stateKey(key)));
    for (const name of names) if (name !== null && !wanted.has(name)) wanted.set(name, wanted.size);
    const numbers = this.#views.map(({number}) => number);
    const states = await this.#store.getMany([...wanted.keys()]);
    for (const view of this.#views) await view.take(states[wanted.get(view.recordKey)!], this.#store);
    if (this.#views.some(({number}, v) => number !== numbers[v])) throw new Replaced();
    const at = this.#views.reduce((latest, {clock}) => Math.max(latest, clock), q);
    const rows: FeatureRow[] = [];
    const pages: ReadPages = new Map();
    for (const [r, request] of requests.entries()) {
      const bytesOf = (v: number): Uint8Array | undefined => {
        const name = names[r * width + v]!;
        return name === null ? undefined : states[wanted.get(name)!];
      };
      const values = (v: number) => this.#views[v]!.values(keys[r * width + v]!, bytesOf(v), pages, at);
      rows.push(await this.#row(request, at, pages, values));
    }
    return {at, rows};
  }

  /** Tries, and reads what turns out to be needed, until nothing is. */
  async #row(
    request: Request,
    at: number,
    pages: ReadPages,
    values: (view: number) => Float64Array,
  ): Promise<FeatureRow> {
    for (let round = 0; ; round++) {
      let current = this.#views[0]!;
      let {codes} = current;
      const turnTo = (v: number) => {
        current = this.#views[v]!;
        codes = current.codes;
      };
      try {
        const read = (v: number): Float64Array => {
          turnTo(v);
          return values(v);
        };
        return this.#rows.make(request, at, read, (v, code) => {
          turnTo(v);
          return codes.decode(code);
        });
      } catch (error) {
        if (!(error instanceof Needed) || round === MOST_ROUNDS) throw error;
        if (error.page === null) await current.readCodes(codes, this.#store);
        else {
          const [bytes] = await this.#store.getMany([error.page]);
          if (bytes === undefined) throw new Replaced();
          pages.set(error.page, bytes);
        }
      }
    }
  }
}
