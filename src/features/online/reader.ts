import type {CutStore} from '../cuts/cut-store.ts';
import type {FeatureSet, ViewUse} from '../definitions/feature-set.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import {type FeatureRow, type Request, RowMaker} from './row-maker.ts';
import {StoredStates} from './stored-states.ts';
import {type CutRead, CutView, LiveView, type ViewReader} from './view-reader.ts';

/**
 * Reads a feature set at once: from the live state of this process, or as another keeps it in a store of this machine, and
 * from the values of cuts where a view has such.
 */
export class OnlineReader {
  readonly set: FeatureSet;
  readonly #rows: RowMaker;
  readonly #views: readonly ViewReader[];
  readonly #decode: (view: number, code: number) => string | null;

  /** `cuts` is needed for a set with views that are read as of cuts. Throws NAME_UNKNOWN for a view that is not kept live. */
  constructor(set: FeatureSet, states: StreamExecutor | StoredStates, cuts: CutStore | null = null) {
    this.set = set;
    this.#rows = new RowMaker(set);
    this.#views = set.views.map(use => viewReader(use, states, cuts));
    this.#decode = (view, code) => this.#views[view]!.decode(code);
  }

  /** Time of the latest event in the state that view number `view` of the set reads for this request; null: none is kept. */
  latestEvent(view: number, request: Request): number | null {
    return this.#views[view]!.latestEvent(this.#rows.key(view, request));
  }

  /**
   * The cut that view number `view` of the set is read as of at `q`, and whether it is the one that should be: where that
   * is late, the last one answers and is stale. Null for a view that is live. Throws NOT_READY before there is a cut.
   */
  cutOf(view: number, q: number): CutRead | null {
    return this.#views[view]!.cut(q);
  }

  /** Whether any view is read as of an older cut than its definition asks for. Throws NOT_READY before there is one. */
  isStale(q: number): boolean {
    for (let v = 0; v < this.#views.length; v++) if (this.#views[v]!.cut(q)?.stale) return true;
    return false;
  }

  /** Features as of `q`, which must not lie before the clock of the live state. Throws NOT_READY. */
  read(request: Request, q: number): FeatureRow {
    const values = (v: number): Float64Array => this.#views[v]!.read(this.#rows.key(v, request), q);
    return this.#rows.make(request, q, values, this.#decode);
  }

  /** The row of a request whose views cannot be read: their features are missing, derived ones follow from that. */
  missing(request: Request, q: number): FeatureRow {
    const nothing = (v: number): Float64Array =>
      new Float64Array(this.set.views[v]!.view.features.length).fill(Number.NaN);
    return this.#rows.make(request, q, nothing, () => null);
  }
}

function viewReader(
  {view, refresh}: ViewUse,
  states: StreamExecutor | StoredStates,
  cuts: CutStore | null,
): ViewReader {
  if (refresh === undefined) return states instanceof StoredStates ? states.reader(view) : new LiveView(states, view);
  if (cuts === null)
    throw new TypeError(`View '${view.name}' is read as of cuts: give the reader where they are kept.`);
  return new CutView(cuts, {view, refresh});
}
