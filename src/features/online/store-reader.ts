import {MillraceError} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import type {FeatureSet} from '../definitions/feature-set.ts';
import {viewKey} from '../definitions/version.ts';
import {codesPrefix, decodeJson, pageKey, recordKey, stateKey, type ViewRecord} from '../stream/stored-view.ts';
import {KeyState} from '../windows/key-state.ts';
import {layoutOf} from '../windows/layout.ts';
import {decodeState} from '../windows/packed-state.ts';
import {StateContext} from '../windows/state-context.ts';
import {StringCodes} from '../windows/string-codes.ts';
import {type FeatureRow, type Request, RowMaker} from './row-maker.ts';

/** What a state refers to and is not here yet: a page of its events, or the strings of new codes. */
class Needed extends Error {
  readonly page: string | null;

  constructor(page: string | null) {
    super('Something has to be read first.');
    this.page = page;
  }
}

/** Codes of strings as another process gave them; one that is not known yet is to be read. */
class ReadCodes extends StringCodes {
  override decode(code: number): string | null {
    const text = super.decode(code);
    if (text === undefined) throw new Needed(null);
    return text;
  }
}

type StoredView = {
  readonly number: number;
  codes: ReadCodes;
  context: StateContext;
  readonly empty: Float64Array;
};

/** Rounds of reading what a state refers to, before it is given up. */
const MOST_ROUNDS = 1_000;

/**
 * Reads a feature set from states that another process keeps in a store, one value per view and key, without holding
 * anything itself. Values are those of the last checkpoint that the store has, with every window moved on to `q`; an
 * event that is held there, because its arrival time lies ahead, is seen with a later checkpoint.
 */
export class StoreReader {
  readonly set: FeatureSet;
  readonly #store: OnlineStore;
  readonly #rows: RowMaker;
  readonly #views: readonly StoredView[];
  readonly #pages = new Map<string, Uint8Array>();

  private constructor(set: FeatureSet, store: OnlineStore, views: readonly StoredView[]) {
    this.set = set;
    this.#store = store;
    this.#rows = new RowMaker(set);
    this.#views = views;
    for (const [v, view] of views.entries()) view.context = this.#contextOf(v, view.codes);
  }

  /** Throws NOT_READY where the store has no state of a view in this version. */
  static async open(set: FeatureSet, store: OnlineStore): Promise<StoreReader> {
    const views: StoredView[] = [];
    for (const {view} of set.views) {
      const [bytes] = await store.getMany([recordKey(viewKey(view))]);
      if (bytes === undefined)
        throw new MillraceError('NOT_READY', `The store holds no state of '${viewKey(view)}'.`, {
          fix: 'Start the process that follows the events with the same definitions, or wait for its first checkpoint.',
        });
      const {number} = decodeJson(bytes) as ViewRecord;
      const layout = layoutOf(view);
      const codes = await readCodes(store, number);
      const empty = new Float64Array(view.features.length);
      new KeyState(layout, codes).read(0, empty, 0);
      views.push({number, codes, context: new StateContext(layout, codes), empty});
    }
    return new StoreReader(set, store, views);
  }

  /** One row for each request, as of `q`: one call of the store, and more only for busy keys. Throws what the store throws. */
  async read(requests: readonly Request[], q: number): Promise<FeatureRow[]> {
    const width = this.#views.length;
    const keys = requests.flatMap(request => this.#views.map((_, v) => this.#rows.key(v, request)));
    const wanted = new Map<string, number>();
    const names = keys.map((key, i) => (key === null ? null : stateKey(this.#views[i % width]!.number, key)));
    for (const name of names) if (name !== null && !wanted.has(name)) wanted.set(name, wanted.size);
    const states = await this.#store.getMany([...wanted.keys()]);
    const rows: FeatureRow[] = [];
    try {
      for (const [r, request] of requests.entries()) {
        const bytesOf = (v: number): Uint8Array | undefined => {
          const name = names[r * width + v]!;
          return name === null ? undefined : states[wanted.get(name)!];
        };
        rows.push(await this.#row(request, q, v => this.#values(v, keys[r * width + v]!, bytesOf(v), q)));
      }
    } finally {
      this.#pages.clear();
    }
    return rows;
  }

  /** Tries, and reads what turns out to be needed, until nothing is. */
  async #row(request: Request, q: number, values: (view: number) => Float64Array): Promise<FeatureRow> {
    for (let round = 0; ; round++) {
      let at = 0;
      try {
        const read = (v: number): Float64Array => {
          at = v;
          return values(v);
        };
        return this.#rows.make(request, q, read, (v, code) => {
          at = v;
          return this.#views[v]!.codes.decode(code);
        });
      } catch (error) {
        if (!(error instanceof Needed) || round === MOST_ROUNDS) throw error;
        await this.#fetch(at, error.page);
      }
    }
  }

  #values(v: number, key: string | null, bytes: Uint8Array | undefined, q: number): Float64Array {
    const {context, empty} = this.#views[v]!;
    if (bytes === undefined || key === null) return empty;
    const out = new Float64Array(empty.length);
    decodeState(bytes, context, key).read(q, out, 0);
    return out;
  }

  async #fetch(v: number, page: string | null): Promise<void> {
    const view = this.#views[v]!;
    if (page === null) {
      const codes = await readCodes(this.#store, view.number);
      if (codes.strings.length === view.codes.strings.length)
        throw new MillraceError(
          'STORE_CORRUPT',
          `A state of '${this.set.views[v]!.view.name}' names a string that is not there.`,
        );
      view.codes = codes;
      view.context = this.#contextOf(v, codes);
      return;
    }
    const [bytes] = await this.#store.getMany([page]);
    if (bytes === undefined)
      throw new MillraceError('STORE_UNAVAILABLE', 'A page of a state was replaced while it was read.', {
        fix: 'Ask again.',
      });
    this.#pages.set(page, bytes);
  }

  #contextOf(v: number, codes: StringCodes): StateContext {
    const {number} = this.#views[v]!;
    const loadPage = (key: string, page: number): Uint8Array => {
      const name = pageKey(number, key, page);
      const bytes = this.#pages.get(name);
      if (bytes === undefined) throw new Needed(name);
      return bytes;
    };
    return new StateContext(layoutOf(this.set.views[v]!.view), codes, {loadPage});
  }
}

async function readCodes(store: OnlineStore, number: number): Promise<ReadCodes> {
  const strings: string[] = [];
  for await (const [, bytes] of store.scan(codesPrefix(number))) strings.push(...(decodeJson(bytes) as string[]));
  return new ReadCodes(strings);
}
