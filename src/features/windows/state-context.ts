import {Arena, type Meter} from './arena.ts';
import type {BufferOptions} from './event-buffer.ts';
import type {PageLoader} from './event-pages.ts';
import {Fold} from './fold.ts';
import type {Layout} from './layout.ts';
import {emptyPartial, type Partial} from './partial.ts';
import type {StringCodes} from './string-codes.ts';

export type ContextOptions = {
  /** Counts the memory of all states. */
  readonly meter?: Meter;
  /** Events of a page; 0, the default, keeps all events in memory. */
  readonly pageEvents?: number;
  /** Reads a page of a key. */
  readonly loadPage?: (key: string, number: number) => Uint8Array | undefined;
};

/** What all keys of a view share while they are in one process: reads and writes never interleave. */
export class StateContext {
  readonly layout: Layout;
  readonly codes: StringCodes;
  readonly meter: Meter;
  readonly buffers: BufferOptions;
  readonly fold: Fold;
  /** What a window is folded into, and the answers of one measure. */
  readonly partial: Partial;
  readonly answers: Float64Array;
  /** Latest arrival of an event less the lateness: a late event that is still to come has at least this time. */
  settled = Number.NEGATIVE_INFINITY;
  readonly #loadPage: (key: string, number: number) => Uint8Array | undefined;

  constructor(layout: Layout, codes: StringCodes, options: ContextOptions = {}) {
    const {meter = {bytes: 0}, pageEvents = 0, loadPage = () => undefined} = options;
    const columns = layout.inputs.length + 1;
    this.layout = layout;
    this.codes = codes;
    this.meter = meter;
    this.buffers = {arena: new Arena(columns, meter), columns, pageEvents};
    this.fold = new Fold(layout, codes, meter);
    this.partial = emptyPartial(layout);
    this.answers = new Float64Array(layout.outputs);
    this.#loadPage = loadPage;
  }

  pagesOf(key: string): PageLoader {
    return number => this.#loadPage(key, number);
  }
}
