import {MillraceError} from '../../protocol/index.ts';
import type {CutStore, Cuts} from '../cuts/cut-store.ts';
import {PackedReader, packEmpty} from '../cuts/packed-values.ts';
import type {Generation, RefreshedUse} from '../cuts/stored-cuts.ts';
import {cutAt} from '../definitions/refresh.ts';
import type {FeatureView} from '../definitions/view.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import type {ViewState} from '../stream/view-state.ts';

/** Reads the features of one view, one key at a time. */
export interface ViewReader {
  /** As of `q`; strings as codes that `decode` reads. Both hold until the next read. */
  read(key: string | null, q: number): Float64Array;
  decode(code: number): string | null;
  /** Time of the latest event that is kept of a key (UTC ms); null: none is. */
  latestEvent(key: string | null): number | null;
  /** The cut that a read at `q` is answered from; null for a view that is live. */
  cut(q: number): CutRead | null;
}

/** Which cut a read is answered from (UTC ms). It is stale if that is not the one that its definition asks for. */
export type CutRead = {readonly cut: number; readonly wanted: number; readonly stale: boolean};

/** Reads the live state. */
export class LiveView implements ViewReader {
  readonly #executor: StreamExecutor;
  readonly #state: ViewState;
  readonly #numbers: Float64Array;
  /** What `#numbers` hold: many candidates of one ranking have the same user. */
  #key: string | null = null;
  #q = Number.NaN;
  #position = Number.NaN;

  constructor(executor: StreamExecutor, view: FeatureView) {
    this.#executor = executor;
    this.#state = executor.view(view);
    this.#numbers = new Float64Array(view.features.length);
  }

  read(key: string | null, q: number): Float64Array {
    const {position} = this.#executor;
    if (key === this.#key && q === this.#q && position === this.#position) return this.#numbers;
    this.#q = Number.NaN;
    this.#executor.read(this.#state, key, q, this.#numbers, 0);
    this.#key = key;
    this.#q = q;
    this.#position = position;
    return this.#numbers;
  }

  decode(code: number): string | null {
    return this.#state.codes.decode(code);
  }

  latestEvent(key: string | null): number | null {
    return this.#state.latestEvent(key);
  }

  cut(): null {
    return null;
  }
}

/** Reads the values of the last cut that is there. */
export class CutView implements ViewReader {
  readonly #store: CutStore;
  readonly #cuts: Cuts;
  readonly #use: RefreshedUse;
  readonly #empty: Uint8Array;
  readonly #packed: PackedReader;

  constructor(store: CutStore, use: RefreshedUse) {
    this.#store = store;
    this.#cuts = store.cuts(use);
    this.#use = use;
    this.#empty = packEmpty(use.view);
    this.#packed = new PackedReader(use.view);
  }

  /** Throws NOT_READY before there is a cut. */
  read(key: string | null, q: number): Float64Array {
    const generation = this.#generation(q);
    return this.#packed.read((key === null ? undefined : this.#store.get(generation, key)) ?? this.#empty);
  }

  decode(code: number): string | null {
    return this.#packed.decode(code);
  }

  latestEvent(): null {
    return null;
  }

  /** Throws NOT_READY before there is a cut. */
  cut(q: number): CutRead {
    const wanted = cutAt(this.#use.refresh, q);
    const {cut} = this.#generation(q);
    return {cut, wanted, stale: cut < wanted};
  }

  /** The newest that is not newer than what is asked for. */
  #generation(q: number): Generation {
    const {refresh, view} = this.#use;
    const {generations} = this.#cuts;
    const wanted = cutAt(refresh, q);
    for (let i = generations.length - 1; i >= 0; i--) if (generations[i]!.cut <= wanted) return generations[i]!;
    throw new MillraceError(
      'NOT_READY',
      `The values of '${view.name}' as of ${new Date(wanted).toISOString()} are not computed yet.`,
      {
        fix: 'Ask again when its cut was made: while the platform runs that happens by itself; else millrace features refresh.',
      },
    );
  }
}
