import type {FeatureSet} from '../definitions/feature-set.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import type {ViewState} from '../stream/view-state.ts';
import {type FeatureRow, type Request, RowMaker} from './row-maker.ts';

/** Reads a feature set from the live state of this process. */
export class OnlineReader {
  readonly set: FeatureSet;
  readonly #executor: StreamExecutor;
  readonly #rows: RowMaker;
  readonly #views: readonly {readonly state: ViewState; readonly numbers: Float64Array}[];
  readonly #decode: (view: number, code: number) => string | null;

  constructor(set: FeatureSet, executor: StreamExecutor) {
    this.set = set;
    this.#executor = executor;
    this.#rows = new RowMaker(set);
    this.#views = set.views.map(({view}) => ({
      state: executor.view(view),
      numbers: new Float64Array(view.features.length),
    }));
    this.#decode = (view, code) => this.#views[view]!.state.codes.decode(code);
  }

  /** Time of the latest event in the state that view number `view` of the set reads for this request; null: none is kept. */
  latestEvent(view: number, request: Request): number | null {
    return this.#views[view]!.state.latestEvent(this.#rows.key(view, request));
  }

  /** Features as of `q`, which must not lie before the clock of the live state. */
  read(request: Request, q: number): FeatureRow {
    const values = (v: number): Float64Array => {
      const {state, numbers} = this.#views[v]!;
      this.#executor.read(state, this.#rows.key(v, request), q, numbers, 0);
      return numbers;
    };
    return this.#rows.make(request, q, values, this.#decode);
  }
}
