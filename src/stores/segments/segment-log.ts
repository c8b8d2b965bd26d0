/** The embedded event log: frames appended to segment files. See docs/rooms/stores.md for the format's reasons. */
import {rmSync} from 'node:fs';
import {type EventBatch, MillraceError, type PositionedBatch} from '../../protocol/index.ts';
import type {EventLog} from '../event-log.ts';
import {ByteWriter} from './byte-writer.ts';
import {eraseEvents} from './erase-events.ts';
import {writeFrame} from './frame.ts';
import type {FrameIndex} from './frame-index.ts';
import {readFrames} from './frame-reader.ts';
import {clearErasure, readErasure, writeErasure, writeStart} from './intents.ts';
import type {Recovered} from './recovery.ts';
import {syncFolder} from './segment-files.ts';
import {SegmentWriter} from './segment-writer.ts';
import type {WriterLock} from './writer-lock.ts';

export type SegmentLogOptions = {
  /**
   * When an append is acknowledged. `process` (the default): its bytes are with the operating system, and
   * survive kill -9; a loss of power may take the last seconds. `disk`: they are on the disk; costs an fsync,
   * which appends made at the same time share.
   */
  readonly durability?: 'process' | 'disk';
  /** A file that would grow past this is left and a new one begun. 64 MiB; at most 2 GiB. */
  readonly segmentBytes?: number;
};

export class SegmentLog implements EventLog {
  /** What opening had to cut off from the end: bytes of appends that were never acknowledged. */
  readonly recovered: Recovered | undefined;
  readonly #folder: string;
  readonly #index: FrameIndex;
  readonly #lock: WriterLock;
  readonly #durability: 'process' | 'disk';
  readonly #frame = new ByteWriter();
  readonly #writer: SegmentWriter;
  /** Truncating and erasing, one at a time; settles when none is under way. */
  #upkeep: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  /** Use `openSegmentLog`. */
  constructor(
    folder: string,
    index: FrameIndex,
    recovered: Recovered | undefined,
    lock: WriterLock,
    {durability = 'process', segmentBytes = 64 * 1024 * 1024}: SegmentLogOptions,
  ) {
    this.#folder = folder;
    this.#index = index;
    this.#lock = lock;
    this.recovered = recovered;
    this.#durability = durability;
    this.#writer = new SegmentWriter(folder, index, Math.min(segmentBytes, 2 ** 31));
  }

  async append(batch: EventBatch): Promise<number> {
    this.#assertOpen();
    const position = this.#index.end;
    if (batch.count === 0) return position;
    writeFrame(this.#frame, batch, position);
    this.#writer.append(batch.stream, this.#frame.bytes(), batch.count);
    if (this.#durability === 'disk') await this.#writer.sync();
    return position;
  }

  read(range: {stream?: string; from?: number; to?: number} = {}): AsyncIterable<PositionedBatch> {
    const {stream, from = 0, to = Number.POSITIVE_INFINITY} = range;
    const bounds = {stream, from: Math.max(0, from), to: Math.min(to, this.#acknowledged)};
    return readFrames(this.#index, bounds, () => this.#assertNotClosed());
  }

  start(): number {
    this.#assertNotClosed();
    return this.#index.start;
  }

  end(): number {
    this.#assertNotClosed();
    return this.#acknowledged;
  }

  truncateBefore(position: number): Promise<number> {
    return this.#alone(async () => {
      if (position >= this.#index.end) this.#writer.seal();
      // What is dropped was acknowledged, and the file that follows stands in its folder.
      await this.#writer.sync();
      const dropped = this.#index.segmentsBefore(position);
      if (dropped.length > 0) {
        writeStart(this.#folder, this.#index.position(this.#index.segments[dropped.length]!.firstFrame));
        this.#index.drop(dropped.length);
        for (const {file} of dropped) rmSync(file);
        syncFolder(this.#folder);
      }
      return this.#index.start;
    });
  }

  erase(positions: ArrayLike<number>): Promise<number> {
    const wanted = Array.from(positions);
    return this.#alone(() => this.#erase(wanted));
  }

  async sync(): Promise<void> {
    this.#assertOpen();
    await this.#writer.sync();
  }

  /** Reads and checks every frame. Throws STORE_CORRUPT with the file and offset of the first damaged one. */
  async verify(): Promise<{readonly events: number}> {
    let events = 0;
    for await (const {count} of this.read()) events += count;
    return {events};
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#upkeep;
    try {
      await this.#writer.close();
    } finally {
      this.#lock.release();
    }
  }

  /**
   * The intent stands on the disk before the first file changes, and goes after the last one has. What an erasure that
   * failed has left to do is done along.
   */
  async #erase(wanted: readonly number[]): Promise<number> {
    const {start} = this.#index;
    const known = Float64Array.from([...readErasure(this.#folder), ...wanted])
      .filter(position => position >= start && position < this.#acknowledged)
      .sort();
    if (known.length === 0) return 0;
    if (known.at(-1)! >= this.#index.position(this.#index.segments.at(-1)!.firstFrame)) this.#writer.seal();
    await this.#writer.sync();
    writeErasure(this.#folder, known);
    const erased = await eraseEvents(this.#index, known);
    syncFolder(this.#folder);
    clearErasure(this.#folder);
    return erased;
  }

  #alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#upkeep.then(() => {
      this.#assertOpen();
      return task();
    });
    // The next one waits for this one but does not inherit its failure, which its own caller gets.
    this.#upkeep = done.catch(() => undefined);
    return done;
  }

  get #acknowledged(): number {
    return this.#durability === 'disk' ? this.#writer.synced : this.#index.end;
  }

  #assertNotClosed(): void {
    if (this.#closing)
      throw new MillraceError('STORE_CLOSED', `The log in ${this.#folder} is closed.`, {
        fix: 'Open it again to read or append.',
      });
  }

  #assertOpen(): void {
    this.#assertNotClosed();
    this.#writer.assertSound();
  }
}
