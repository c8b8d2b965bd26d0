import {MillraceError} from '../../protocol/index.ts';
import type {LocalStore} from '../../stores/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import {codesKey, decodeJson, pageKey, recordKey, stateKey, type ViewRecord} from '../stream/stored-view.ts';
import {KeyState} from '../windows/key-state.ts';
import {layoutOf} from '../windows/layout.ts';
import {decodeState} from '../windows/packed-state.ts';
import {StateContext} from '../windows/state-context.ts';
import {StringCodes} from '../windows/string-codes.ts';
import type {ViewReader} from './view-reader.ts';

type Reading = Pick<LocalStore, 'get'>;

/** Strings by codes that another process gave: those that came since are read when a state names them. */
class StoredCodes extends StringCodes {
  readonly #store: Reading;
  readonly #number: number;

  constructor(store: Reading, number: number) {
    super();
    this.#store = store;
    this.#number = number;
  }

  override decode(code: number): string | null {
    while (code >= this.strings.length) {
      const bytes = this.#store.get(codesKey(this.#number, this.strings.length));
      if (bytes === undefined)
        throw new MillraceError('STORE_CORRUPT', `The online store has no string of code ${code}.`, {
          fix: 'Remove the online store of the project: the live state is then made again from the event log.',
        });
      for (const text of decodeJson(bytes) as string[]) this.encode(text);
    }
    return super.decode(code);
  }
}

/** Reads one view from the states that another process keeps in a store of this machine. Call `look` first, in the same turn. */
export class StoredStateView implements ViewReader {
  readonly #view: FeatureView;
  readonly #store: Reading;
  readonly #recordKey: string;
  readonly #numbers: Float64Array;
  readonly #empty: Float64Array;
  #bytes: Uint8Array | null = null;
  #record: ViewRecord | null = null;
  #codes: StoredCodes;
  #context: StateContext;
  #number = Number.NaN;
  #position = 0;
  /** What `#numbers` hold: many candidates of one ranking have the same user. */
  #key: string | null | undefined;
  #q = Number.NaN;

  constructor(view: FeatureView, store: Reading) {
    this.#view = view;
    this.#store = store;
    this.#recordKey = recordKey(viewKey(view));
    this.#numbers = new Float64Array(view.features.length);
    this.#empty = new Float64Array(view.features.length);
    this.#codes = new StoredCodes(store, 0);
    this.#context = this.#contextOf(0);
    new KeyState(this.#context.layout, this.#codes).read(0, this.#empty, 0);
  }

  /** What the store says of the view; null where it has no state of it that can be read. */
  get record(): ViewRecord | null {
    return this.#record;
  }

  /** Takes the record as the store has it now. */
  look(): void {
    const bytes = this.#store.get(this.#recordKey);
    if (bytes === undefined) {
      this.#bytes = null;
      this.#record = null;
      return;
    }
    if (this.#bytes !== null && Buffer.compare(bytes, this.#bytes) === 0) return;
    this.#bytes = Uint8Array.from(bytes);
    this.#key = undefined;
    const record = decodeJson(this.#bytes) as ViewRecord;
    // A store that was made anew may give the same number: what went back is another state, and so are its strings.
    const goesOn =
      record.number === this.#number && record.position >= this.#position && record.codes >= this.#codes.strings.length;
    this.#position = record.position;
    if (!goesOn) {
      this.#number = record.number;
      this.#codes = new StoredCodes(this.#store, record.number);
      this.#context = this.#contextOf(record.number);
    }
    this.#record = record.filling ? null : record;
  }

  read(key: string | null, q: number): Float64Array {
    if (key === this.#key && q === this.#q) return this.#numbers;
    const state = this.#state(key);
    if (state === null) this.#numbers.set(this.#empty);
    else {
      try {
        state.read(q, this.#numbers, 0);
      } finally {
        state.release();
      }
    }
    this.#key = key;
    this.#q = q;
    return this.#numbers;
  }

  decode(code: number): string | null {
    return this.#codes.decode(code);
  }

  latestEvent(key: string | null): number | null {
    const state = this.#state(key);
    if (state === null) return null;
    const {events} = state;
    const latest = events.tail === events.head ? null : events.time(events.tail - 1);
    state.release();
    return latest;
  }

  cut(): null {
    return null;
  }

  #state(key: string | null): KeyState | null {
    if (this.#record === null)
      throw new MillraceError('NOT_READY', `View '${this.#view.name}' has no state yet that can be read.`, {
        fix: 'Ask again when the process that follows the events has filled it.',
      });
    const bytes = key === null ? undefined : this.#store.get(stateKey(this.#record.number, key));
    return bytes === undefined ? null : decodeState(bytes, this.#context, key!);
  }

  #contextOf(number: number): StateContext {
    const loadPage = (key: string, page: number) => this.#store.get(pageKey(number, key, page));
    return new StateContext(layoutOf(this.#view), this.#codes, {loadPage});
  }
}
