// Following a server: batch after batch goes through the gate, and how far the feed has been taken is written down only
// when the gate has acknowledged. What was pushed but not written down comes again after a crash and is dropped by its
// ids, so each event is in the log once.
//
//   connecting ──first batch──► following ──failure──► waiting ──pause──► (stream again) ──first batch──► following
//   any ──signal──► stopped
import {setTimeout as pause} from 'node:timers/promises';
import {type Clock, type Columns, canonicalJson, MillraceError, type PositionedBatch} from '../../protocol/index.ts';
import type {EventLog, MetadataStore} from '../../stores/index.ts';
import {select} from '../columns.ts';
import type {EventGate} from '../gate/gate.ts';
import type {Source} from '../source.ts';
import {type Backoff, backoffMs} from './backoff.ts';
import {reasonOf} from './connection.ts';
import type {EventFeed, FeedBatch} from './feed.ts';
import {type FeedPosition, idsSince, loadPosition, savePosition} from './feed-position.ts';
import {type FollowState, lateWarning} from './follow-state.ts';

export type FollowOptions = {
  readonly source: Source;
  readonly gate: EventGate;
  /** The log behind the gate. */
  readonly log: EventLog;
  readonly feed: EventFeed;
  /** Where it is kept how far the feed has been taken. */
  readonly checkpoints: MetadataStore;
  readonly clock: Clock;
  /** Uniform on [0, 1): spreads the pauses. */
  readonly random: () => number;
  /** Aborted: it stops after the batch in hand. */
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  /** Accepted events, once they are in the log; the next batch is read when it resolves. */
  readonly onBatch?: (batch: PositionedBatch) => void | Promise<void>;
};

export type Following = {
  state(): FollowState;
  /** Resolves when it has stopped and the feed is closed. */
  readonly done: Promise<void>;
};

const BACKOFF: Backoff = {firstMs: 500, longestMs: 30_000};

/**
 * Follows a source until `signal` is aborted. A failure, of the server or on this side, ends nothing: it is shown in
 * the state, and after a pause the feed goes on from where it was last taken. Memory is bounded by a page of the feed.
 */
export function follow(options: FollowOptions): Following {
  const follower = new Follower(options);
  return {state: () => follower.state(), done: follower.run()};
}

type Changes = Partial<Omit<FollowState, 'stream' | 'since' | 'warning'>>;

class Follower {
  readonly #options: FollowOptions;
  #state: FollowState;
  /** Where the feed stands, as it is written down. */
  #position: FeedPosition | undefined;
  /** Ids that the log has beyond the written position. */
  #known: ReadonlySet<string> = new Set();

  constructor(options: FollowOptions) {
    this.#options = options;
    const counts = {accepted: 0, duplicates: 0, rejected: 0, late: 0};
    const health = {error: null, failures: 0, caughtUpAt: null, warning: null};
    this.#state = {
      stream: options.source.name,
      state: 'connecting',
      since: options.clock.now(),
      ...health,
      ...counts,
    };
  }

  state(): FollowState {
    return this.#state;
  }

  async run(): Promise<void> {
    const {feed, signal, random, backoff = BACKOFF} = this.#options;
    while (!signal.aborted) {
      try {
        await this.#stream();
      } catch (error) {
        if (signal.aborted) break;
        const {failures} = this.#state;
        this.#become('waiting', {error: described(error), failures: failures + 1});
        await pause(backoffMs(backoff, failures, random), undefined, {signal}).catch(() => undefined);
      }
    }
    await feed.close();
    this.#become('stopped', {error: null});
  }

  async #stream(): Promise<void> {
    const {source, feed, log, signal} = this.#options;
    const {checkpoint, logEnd} = await this.#begin();
    this.#known = await idsSince(log, source.name, logEnd);
    for await (const batch of feed.stream(checkpoint, signal)) {
      await this.#take(batch);
      if (signal.aborted) return;
    }
    if (!signal.aborted)
      throw new MillraceError('SOURCE_UNAVAILABLE', `The feed of source '${source.name}' has ended.`, {
        fix: 'Wait: it is opened again.',
      });
  }

  /** The position to go on from. It is written before the first batch, so that a crash in that batch is known too. */
  async #begin(): Promise<FeedPosition> {
    const {source, log, checkpoints} = this.#options;
    this.#position ??= await loadPosition(checkpoints, source.name);
    if (this.#position === undefined) await this.#write({checkpoint: null, logEnd: log.end()});
    return this.#position!;
  }

  async #take({columns, unreadable, arrival, checkpoint}: FeedBatch): Promise<void> {
    const {source, gate, log, onBatch, clock} = this.#options;
    let {accepted, duplicates, rejected, late} = this.#state;
    const rows = columns.count + unreadable.length;
    if (rows > 0) {
      const fresh = this.#unknown(columns);
      const pushed = await gate.pushColumns(source.name, fresh, {arrival, unreadable});
      accepted += pushed.accepted;
      duplicates += pushed.duplicates + columns.count - fresh.count;
      rejected += pushed.rejected;
      late += pushed.late;
      if (pushed.batch) await onBatch?.(pushed.batch);
    }
    if (canonicalJson(checkpoint) !== canonicalJson(this.#position?.checkpoint))
      await this.#write({checkpoint, logEnd: log.end()});
    const caughtUpAt = rows === 0 ? clock.now() : this.#state.caughtUpAt;
    const failures = rows > 0 || this.#isSteady() ? 0 : this.#state.failures;
    this.#become('following', {error: null, failures, caughtUpAt, accepted, duplicates, rejected, late});
  }

  /** Has it been in touch for a while? A server that answers the first call only must not be asked ever faster. */
  #isSteady(): boolean {
    const {clock, backoff = BACKOFF} = this.#options;
    return this.#state.state === 'following' && clock.now() - this.#state.since >= backoff.longestMs;
  }

  /** The rows that the log does not have beyond the written position. */
  #unknown(columns: Columns): Columns {
    if (this.#known.size === 0) return columns;
    const ids = columns.columns[this.#options.source.id] as readonly (string | null)[];
    const rows: number[] = [];
    for (let i = 0; i < columns.count; i++) if (!this.#known.has(ids[i] ?? '')) rows.push(i);
    return rows.length === columns.count ? columns : select(columns, rows);
  }

  async #write(position: FeedPosition): Promise<void> {
    const {source, checkpoints, clock} = this.#options;
    await savePosition(checkpoints, source.name, clock.now(), position);
    this.#position = position;
  }

  #become(state: FollowState['state'], changes: Changes): void {
    const since = state === this.#state.state ? this.#state.since : this.#options.clock.now();
    const next = {...this.#state, ...changes, state, since};
    this.#state = {...next, warning: lateWarning(this.#options.source, next.late, next.accepted)};
  }
}

function described(error: unknown): FollowState['error'] {
  if (error instanceof MillraceError) return {code: error.code, message: error.message, fix: error.fix ?? null};
  return {code: 'INTERNAL', message: reasonOf(error), fix: null};
}
