/** Makes the values of views that are read as of cuts, when they are due. */
import {
  type CutRead,
  cutsName,
  cutsWanted,
  type Generation,
  makeCut,
  newestCut,
  type RefreshedUse,
  startOf,
} from '../../features/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {CutRecords} from './cut-records.ts';

/** How one view and its cuts are doing. */
export type RefreshStatus = RefreshedUse & {
  /** The cut that is read now; null before there is one. Stale if it is not the one that the definition asks for. */
  readonly read: CutRead | null;
  /** The newest cut that stands: it may be made ahead. */
  readonly newest: Generation | null;
  /** When the next one is begun (UTC ms). */
  readonly due: number;
  /** What the last attempt failed of; null if it did not. */
  readonly failure: string | null;
};

type Failure = {readonly message: string; readonly retryAt: number};

/** On the clock: so long after a failure it is tried again. */
const RETRY_MS = 60_000;

type Stores = Pick<Runtime, 'clock' | 'log' | 'archive' | 'sql' | 'cuts' | 'metadata'>;

/**
 * The refreshed views of a project. A cut is begun half of its delay after it, from what the log holds then, and read
 * when the delay is over; one that fails is tried again, and until then the last one is read and said to be stale.
 */
export class RefreshedViews {
  readonly #runtime: Stores;
  readonly #uses: readonly RefreshedUse[];
  readonly #records: CutRecords;
  readonly #failures = new Map<string, Failure>();
  readonly #stopping = new AbortController();
  #making: Promise<void> | null = null;
  #untold: MillraceError | null = null;

  private constructor(runtime: Stores, uses: readonly RefreshedUse[]) {
    this.#runtime = runtime;
    this.#uses = uses;
    this.#records = new CutRecords(runtime.metadata);
  }

  /** Forgets the cuts of views that are not among these. */
  static async open(runtime: Stores, uses: readonly RefreshedUse[]): Promise<RefreshedViews> {
    await runtime.cuts.keepOnly(uses);
    return new RefreshedViews(runtime, uses);
  }

  /** When the next cut is to be begun (UTC ms); infinite if no view has cuts. */
  get due(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#uses.map(use => this.#dueOf(use)));
  }

  /** By view. */
  status(): RefreshStatus[] {
    const now = this.#runtime.clock.now();
    return this.#uses.map(use => {
      const {generations} = this.#runtime.cuts.cuts(use);
      const wanted = cutsWanted(use.refresh, now)[0]!;
      const read = generations.findLast(({cut}) => cut <= wanted);
      return {
        ...use,
        read: read === undefined ? null : {cut: read.cut, wanted, stale: read.cut < wanted},
        newest: generations.at(-1) ?? null,
        due: this.#dueOf(use),
        failure: this.#failures.get(cutsName(use))?.message ?? null,
      };
    });
  }

  /** Makes all that should stand at `now`. Throws STORE_FAILED if one could not be made. */
  async tick(now: number): Promise<void> {
    while (this.#making) await this.#making.catch(() => {});
    if (now < this.due) return;
    this.#making = this.#makeDue(now).finally(() => {
      this.#making = null;
    });
    await this.#making;
  }

  /** Begins what is due, and does not wait for it. Throws what the last one failed of, once. */
  begin(now: number): void {
    const failure = this.#untold;
    this.#untold = null;
    if (failure) throw failure;
    if (this.#making || now < this.due) return;
    this.tick(now).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#untold = asFailure(error, 'Cuts');
    });
  }

  /** Ends what is under way, which is made anew at the next start; resolves when its stores are free. */
  async stop(): Promise<void> {
    this.#stopping.abort(new MillraceError('STORE_CLOSED', 'The platform was closed.'));
    await this.#making?.catch(() => {});
  }

  #dueOf(use: RefreshedUse): number {
    const {refresh} = use;
    const newest = this.#runtime.cuts.cuts(use).generations.at(-1);
    const retryAt = this.#failures.get(cutsName(use))?.retryAt ?? Number.NEGATIVE_INFINITY;
    const next = newest === undefined ? Number.NEGATIVE_INFINITY : startOf(refresh, newest.cut + refresh.everyMs);
    return Math.max(next, retryAt);
  }

  async #makeDue(now: number): Promise<void> {
    let failed: MillraceError | null = null;
    for (const use of this.#uses) {
      if (now < this.#dueOf(use)) continue;
      const name = cutsName(use);
      try {
        for (const cut of cutsWanted(use.refresh, now)) await this.#make(use, cut, now);
        this.#failures.delete(name);
      } catch (error) {
        this.#stopping.signal.throwIfAborted();
        const at = new Date(newestCut(use.refresh, now)).toISOString();
        const failure = asFailure(error, `The cut of '${use.view.name}' as of ${at}`);
        this.#failures.set(name, {message: failure.message, retryAt: now + RETRY_MS});
        failed ??= failure;
      }
    }
    await this.#runtime.cuts.removeGone();
    if (failed) throw failed;
  }

  async #make(use: RefreshedUse, cut: number, now: number): Promise<void> {
    const {clock, log, archive, sql, cuts} = this.#runtime;
    if (cuts.cuts(use).generations.some(generation => generation.cut === cut)) return;
    const {signal} = this.#stopping;
    signal.throwIfAborted();
    const position = log.end();
    await archive.update(position);
    const seal = async () => {
      const madeAt = clock.now();
      await this.#records.save(use, {cut, madeAt, position});
      return madeAt;
    };
    await makeCut(cuts, use, {
      sql,
      relation: (stream, range) => archive.relation(stream, range),
      cut,
      position,
      now,
      signal,
      seal,
    });
  }
}

function asFailure(error: unknown, what: string): MillraceError {
  if (error instanceof MillraceError && error.code === 'STORE_FAILED') return error;
  const message = error instanceof Error ? error.message : String(error);
  return new MillraceError('STORE_FAILED', `${what} could not be made: ${message}`, {
    cause: error,
    fix: 'It is tried again by itself; until then the last cut is read, and said to be stale.',
  });
}
