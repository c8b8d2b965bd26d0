import {MillraceError} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {codesPrefix, decodeJson, pageKey, recordKey, stateKey, type ViewRecord} from '../stream/stored-view.ts';
import {KeyState} from '../windows/key-state.ts';
import {type Layout, layoutOf} from '../windows/layout.ts';
import {decodeState} from '../windows/packed-state.ts';
import {StateContext} from '../windows/state-context.ts';
import {StringCodes} from '../windows/string-codes.ts';

/** What a state refers to and is not here yet: a page of its events, or the strings of new codes. */
export class Needed extends Error {
  readonly page: string | null;

  constructor(page: string | null) {
    super('Something has to be read first.');
    this.page = page;
  }
}

/** What was read does not belong together: the writer was faster. */
export class Replaced extends Error {
  constructor() {
    super('A state was replaced while it was read.');
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

/** Pages of the states that one read looks at, by their keys in the store. */
export type ReadPages = Map<string, Uint8Array>;

const NO_PAGES: ReadPages = new Map();

/** One view of which another process keeps the states in a store: where they lie, and what their strings are. */
export class StoredReads {
  readonly view: FeatureView;
  readonly recordKey: string;
  readonly #layout: Layout;
  readonly #empty: Float64Array;
  #bytes: Uint8Array = new Uint8Array();
  #record: ViewRecord | null = null;
  #codes = new ReadCodes();
  #context: StateContext;
  #pages: ReadPages = NO_PAGES;

  constructor(view: FeatureView) {
    this.view = view;
    this.recordKey = recordKey(viewKey(view));
    this.#layout = layoutOf(view);
    this.#empty = new Float64Array(view.features.length);
    this.#context = this.#contextOf(0);
  }

  /** Where the states lie: their number in the store. */
  get number(): number {
    return this.#record!.number;
  }

  /** Clock of the writer when it wrote what is there. */
  get clock(): number {
    return this.#record!.clock ?? Number.NEGATIVE_INFINITY;
  }

  get codes(): StringCodes {
    return this.#codes;
  }

  stateKey(key: string): string {
    return stateKey(this.number, key);
  }

  /** Takes the record as it is now. Throws NOT_READY where no state can be read. */
  async take(bytes: Uint8Array | undefined, store: OnlineStore): Promise<void> {
    if (bytes === undefined)
      throw new MillraceError('NOT_READY', `The store holds no state of '${viewKey(this.view)}'.`, {
        fix: 'Start the process that follows the events with the same definitions, or wait for its first checkpoint.',
      });
    if (Buffer.compare(bytes, this.#bytes) === 0) return;
    const record = decodeJson(bytes) as ViewRecord;
    if (record.filling)
      throw new MillraceError('NOT_READY', `View '${this.view.name}' is new and not filled yet.`, {
        fix: 'Ask again when the process that follows the events has read them all.',
      });
    // A store that was made anew may give the same number: what went back is another state, and so are its strings.
    const before = this.#record;
    const goesOn =
      before?.number === record.number && before.position <= record.position && before.codes <= record.codes;
    if (!goesOn) this.#use(record, await stringsOf(record.number, store));
    this.#record = record;
    this.#bytes = bytes;
  }

  /** Reads the strings again, unless that was done since `codes` were found to lack one. */
  async readCodes(codes: StringCodes, store: OnlineStore): Promise<void> {
    if (codes !== this.#codes) return;
    const record = this.#record!;
    const strings = await stringsOf(record.number, store);
    if (strings.length === codes.strings.length || record.number !== this.number) throw new Replaced();
    this.#use(this.#record!, strings);
  }

  /** Features of a key from the bytes of its state. Throws Needed. */
  values(key: string | null, bytes: Uint8Array | undefined, pages: ReadPages, q: number): Float64Array {
    if (bytes === undefined || key === null) return this.#empty;
    const out = new Float64Array(this.#empty.length);
    this.#pages = pages;
    const state = decodeState(bytes, this.#context, key);
    try {
      state.read(q, out, 0);
    } finally {
      state.release();
      this.#pages = NO_PAGES;
    }
    return out;
  }

  #use(record: ViewRecord, strings: readonly string[]): void {
    this.#record = record;
    this.#codes = new ReadCodes(strings);
    this.#context = this.#contextOf(record.number);
    new KeyState(this.#layout, this.#codes).read(0, this.#empty, 0);
  }

  #contextOf(number: number): StateContext {
    const loadPage = (key: string, page: number): Uint8Array => {
      const name = pageKey(number, key, page);
      const bytes = this.#pages.get(name);
      if (bytes === undefined) throw new Needed(name);
      return bytes;
    };
    return new StateContext(this.#layout, this.#codes, {loadPage});
  }
}

async function stringsOf(number: number, store: OnlineStore): Promise<string[]> {
  const strings: string[] = [];
  for await (const [, bytes] of store.scan(codesPrefix(number))) strings.push(...(decodeJson(bytes) as string[]));
  return strings;
}
