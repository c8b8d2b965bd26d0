import type {EventBatch, PositionedBatch} from '../protocol/index.ts';

/**
 * All events of a project, of every stream, in one sequence. The position of an event is its index in
 * that sequence (0, 1, 2, ...) and never changes. Every adapter passes `contract/event-log.ts`.
 */
export interface EventLog {
  /**
   * Appends all events of the batch, or none; returns the position of the first. When the promise
   * resolves the batch is acknowledged: it survives the death of the process (kill -9), and with
   * `durability: 'disk'` also a loss of power. Appends keep the order in which they were called.
   */
  append(batch: EventBatch): Promise<number>;
  /**
   * Acknowledged batches with positions in [from, to), of one stream or of all, in order of position, up to the end at
   * the call; from `start()` on if that is later than `from`. Batches are cut at the bounds; where they begin and end
   * otherwise is the adapter's. Appending, closing, truncating and erasing meanwhile is safe: each event is read as it
   * was or not at all.
   */
  read(range?: {
    readonly stream?: string;
    readonly from?: number;
    readonly to?: number;
  }): AsyncIterable<PositionedBatch>;
  /** The first position that can be read; 0 until something was truncated. */
  start(): number;
  /** One past the last acknowledged event; the position that the next event gets, unless an append is still in flight. */
  end(): number;
  /**
   * Drops events before `position`, as many as can be dropped by whole files, and returns the new start, which is at
   * most `position`. Positions of other events do not change. Killed in the middle, it has happened or it has not.
   */
  truncateBefore(position: number): Promise<number>;
  /**
   * Erases the events at the given positions, ids and times included, and returns how many there were; positions
   * without an event are passed over. Reading skips what was erased; positions of other events do not change. Killed
   * in the middle, it is completed when the log is opened again. A batch that a reader already has stays as it is.
   */
  erase(positions: ArrayLike<number>): Promise<number>;
  /** Everything appended so far is on the disk when this resolves, whatever the durability. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
