import type {Columns, JsonValue} from '../../protocol/index.ts';
import type {RefusedRow} from '../gate/refusal.ts';
import type {Arrival} from '../gate/stream-gate.ts';

/** Some of the next events of a feed, in its order. */
export type FeedBatch = {
  /** The columns of the source's schema. No rows: the feed is in touch with its server, and there is nothing new. */
  readonly columns: Columns;
  /** Rows of the same batch that have no typed form. */
  readonly unreadable: readonly RefusedRow[];
  /**
   * `history`: the server held them before it was first followed, so their arrival is reckoned from their event time.
   * `live`: they came since.
   */
  readonly arrival: Arrival;
  /** Where to go on after this batch. */
  readonly checkpoint: JsonValue;
};

/**
 * A server that is followed. It yields every event after a checkpoint, at least once and in pages of bounded size, and
 * reads the next page only when it is asked for it. Every adapter lives in a folder of its own.
 */
export interface EventFeed {
  /**
   * The events after `from` (null: from the first that the server has), for ever. Yields an empty batch when it is in
   * touch with the server and whenever nothing is new. Throws when the server goes away or answers what cannot be
   * right; calling it again is how to go on. Ends when `signal` is aborted.
   */
  stream(from: JsonValue | null, signal: AbortSignal): AsyncIterable<FeedBatch>;
  /** Lets go of what is held between streams. */
  close(): Promise<void>;
}
