/** The embedded event log: frames appended to segment files. See docs/rooms/stores.md for the format's reasons. */
import {closeSync, constants, fdatasync, ftruncateSync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {type EventBatch, MillraceError, type PositionedBatch} from '../../protocol/index.ts';
import type {EventLog} from '../event-log.ts';
import {ByteWriter} from './byte-writer.ts';
import {writeFrame} from './frame.ts';
import type {FrameIndex} from './frame-index.ts';
import {readFrames} from './frame-reader.ts';
import type {Recovered} from './recovery.ts';
import {segmentName, syncFolder} from './segment-files.ts';
import {SharedSync} from './shared-sync.ts';
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

const sync = promisify(fdatasync);

export class SegmentLog implements EventLog {
  /** What opening had to cut off from the end: bytes of appends that were never acknowledged. */
  readonly recovered: Recovered | undefined;
  readonly #folder: string;
  readonly #index: FrameIndex;
  readonly #lock: WriterLock;
  readonly #durability: 'process' | 'disk';
  readonly #segmentBytes: number;
  readonly #frame = new ByteWriter();
  readonly #sync = new SharedSync(() => this.#syncFiles());
  #file: {readonly fd: number; bytes: number} | undefined;
  /** Full segments that are not on the disk yet, closed when they are. */
  #full: number[] = [];
  #folderChanged = false;
  #acknowledged: number;
  #failure: unknown;
  #closing: Promise<void> | undefined;

  /** Use `openSegmentLog`. */
  constructor(
    folder: string,
    index: FrameIndex,
    recovered: Recovered | undefined,
    lock: WriterLock,
    options: SegmentLogOptions,
  ) {
    this.#folder = folder;
    this.#index = index;
    this.#lock = lock;
    this.recovered = recovered;
    this.#durability = options.durability ?? 'process';
    this.#segmentBytes = Math.min(options.segmentBytes ?? 64 * 1024 * 1024, 2 ** 31);
    this.#acknowledged = index.end;
    const last = index.lastSegment();
    if (last) this.#file = {fd: openSync(last.file, 'r+'), bytes: last.bytes};
  }

  async append(batch: EventBatch): Promise<number> {
    this.#assertOpen();
    const position = this.#index.end;
    if (batch.count === 0) return position;
    // Written here and now, without waiting: a copy into the page cache is cheaper than a trip to a thread.
    this.#write(batch, position);
    if (this.#durability === 'disk') await this.#sync.request();
    else this.#acknowledged = this.#index.end;
    return position;
  }

  read(range: {stream?: string; from?: number; to?: number} = {}): AsyncIterable<PositionedBatch> {
    const {stream, from = 0, to = Number.POSITIVE_INFINITY} = range;
    const bounds = {stream, from: Math.max(0, from), to: Math.min(to, this.#acknowledged)};
    return readFrames(this.#index, bounds, () => this.#assertNotClosed());
  }

  end(): number {
    this.#assertNotClosed();
    return this.#acknowledged;
  }

  async sync(): Promise<void> {
    this.#assertOpen();
    await this.#sync.request();
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
    try {
      if (this.#failure === undefined) await this.#sync.request();
    } finally {
      if (this.#file) closeSync(this.#file.fd);
      for (const fd of this.#full.splice(0)) closeSync(fd);
      this.#lock.release();
    }
  }

  #write(batch: EventBatch, position: number): void {
    writeFrame(this.#frame, batch, position);
    const bytes = this.#frame.bytes();
    try {
      const file = this.#fileFor(bytes.length, position);
      const offset = file.bytes;
      try {
        for (let done = 0; done < bytes.length; )
          done += writeSync(file.fd, bytes, done, bytes.length - done, offset + done);
      } catch (error) {
        ftruncateSync(file.fd, offset);
        throw error;
      }
      file.bytes += bytes.length;
      this.#index.add(batch.stream, offset, bytes.length, batch.count);
    } catch (cause) {
      throw new MillraceError('STORE_FAILED', `The log in ${this.#folder} could not write ${bytes.length} bytes.`, {
        cause,
        fix: 'Make sure that the disk has room and can be written, then append again.',
      });
    }
  }

  /** The file that the next frame goes to: the last one, or a new one if that is full. */
  #fileFor(bytes: number, position: number): {readonly fd: number; bytes: number} {
    const file = this.#file;
    if (file && (file.bytes === 0 || file.bytes + bytes <= this.#segmentBytes)) return file;
    const path = join(this.#folder, segmentName(position));
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
    this.#index.addSegment(path);
    this.#folderChanged = true;
    this.#file = {fd, bytes: 0};
    if (file) {
      this.#full.push(file.fd);
      // A failure is kept in #failure and refuses the next append.
      this.#sync.request().catch(() => undefined);
    }
    return this.#file;
  }

  async #syncFiles(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failed();
    const end = this.#index.end;
    const full = this.#full;
    this.#full = [];
    try {
      for (const fd of full) await sync(fd);
      if (this.#file) await sync(this.#file.fd);
      if (this.#folderChanged) syncFolder(this.#folder);
      this.#folderChanged = false;
    } catch (error) {
      // What the disk holds is unknown after a failed fsync, and asking again would wrongly succeed.
      this.#failure = error;
      throw this.#failed();
    } finally {
      for (const fd of full) closeSync(fd);
    }
    this.#acknowledged = Math.max(this.#acknowledged, end);
  }

  #failed(): MillraceError {
    return new MillraceError('STORE_FAILED', `The log in ${this.#folder} could not be brought to the disk.`, {
      cause: this.#failure,
      fix: 'Check the disk, then open the log again.',
    });
  }

  #assertNotClosed(): void {
    if (this.#closing)
      throw new MillraceError('STORE_CLOSED', `The log in ${this.#folder} is closed.`, {
        fix: 'Open it again to read or append.',
      });
  }

  #assertOpen(): void {
    this.#assertNotClosed();
    if (this.#failure !== undefined) throw this.#failed();
  }
}
