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
   * the call. Batches are cut at the bounds; where they begin and end otherwise is the adapter's. Appending and closing
   * meanwhile is safe.
   */
  read(range?: {
    readonly stream?: string;
    readonly from?: number;
    readonly to?: number;
  }): AsyncIterable<PositionedBatch>;
  /** The number of acknowledged events; the position that the next event gets, unless an append is still in flight. */
  end(): number;
  /** Everything appended so far is on the disk when this resolves, whatever the durability. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
