/** Puts frames at the end of the last segment file, begins a new file when one is full, and brings all of them to the disk. */
import {closeSync, constants, fdatasync, ftruncateSync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {MillraceError} from '../../protocol/index.ts';
import type {FrameIndex} from './frame-index.ts';
import {segmentName, syncFolder} from './segment-files.ts';
import {SharedSync} from './shared-sync.ts';

type OpenFile = {readonly fd: number; bytes: number};

const syncFile = promisify(fdatasync);

export class SegmentWriter {
  readonly #folder: string;
  readonly #index: FrameIndex;
  readonly #segmentBytes: number;
  readonly #sync = new SharedSync(() => this.#syncFiles());
  #file: OpenFile | undefined;
  /** Full segments that are not on the disk yet, closed when they are. */
  #full: number[] = [];
  #folderChanged = false;
  #synced: number;
  #failure: unknown;

  constructor(folder: string, index: FrameIndex, segmentBytes: number) {
    this.#folder = folder;
    this.#index = index;
    this.#segmentBytes = segmentBytes;
    this.#synced = index.end;
    const last = index.lastSegment();
    if (last) this.#file = {fd: openSync(last.file, 'r+'), bytes: last.bytes};
  }

  /** Events before this position are on the disk. */
  get synced(): number {
    return this.#synced;
  }

  /** Writes here and now, without waiting: a copy into the page cache is cheaper than a trip to a thread. */
  append(stream: string, frame: Buffer, count: number): void {
    try {
      const file = this.#fileFor(frame.length);
      const offset = file.bytes;
      try {
        for (let done = 0; done < frame.length; )
          done += writeSync(file.fd, frame, done, frame.length - done, offset + done);
      } catch (error) {
        ftruncateSync(file.fd, offset);
        throw error;
      }
      file.bytes += frame.length;
      this.#index.add(stream, offset, frame.length, count);
    } catch (cause) {
      throw new MillraceError('STORE_FAILED', `The log in ${this.#folder} could not write ${frame.length} bytes.`, {
        cause,
        fix: 'Make sure that the disk has room and can be written, then append again.',
      });
    }
  }

  /** The next frame begins a new file; all others never change again by appending. */
  seal(): void {
    if (this.#file && this.#file.bytes > 0) this.#begin();
  }

  /** Resolves when all that was written before the call is on the disk. */
  sync(): Promise<void> {
    return this.#sync.request();
  }

  /** Throws STORE_FAILED if an earlier sync did: what the disk holds is then unknown. */
  assertSound(): void {
    if (this.#failure !== undefined)
      throw new MillraceError('STORE_FAILED', `The log in ${this.#folder} could not be brought to the disk.`, {
        cause: this.#failure,
        fix: 'Check the disk, then open the log again.',
      });
  }

  async close(): Promise<void> {
    try {
      if (this.#failure === undefined) await this.sync();
    } finally {
      if (this.#file) closeSync(this.#file.fd);
      for (const fd of this.#full.splice(0)) closeSync(fd);
    }
  }

  /** The file that the next frame goes to: the last one, or a new one if that is full. */
  #fileFor(bytes: number): OpenFile {
    const file = this.#file;
    return file && (file.bytes === 0 || file.bytes + bytes <= this.#segmentBytes) ? file : this.#begin();
  }

  #begin(): OpenFile {
    const full = this.#file;
    const path = join(this.#folder, segmentName(this.#index.end));
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
    this.#index.addSegment(path);
    this.#folderChanged = true;
    this.#file = {fd, bytes: 0};
    if (full) {
      this.#full.push(full.fd);
      // A failure is kept in #failure and refuses the next append.
      this.sync().catch(() => undefined);
    }
    return this.#file;
  }

  async #syncFiles(): Promise<void> {
    this.assertSound();
    const {end} = this.#index;
    const full = this.#full;
    this.#full = [];
    try {
      for (const fd of full) await syncFile(fd);
      if (this.#file) await syncFile(this.#file.fd);
      if (this.#folderChanged) syncFolder(this.#folder);
      this.#folderChanged = false;
    } catch (error) {
      // Asking again after a failed fsync would wrongly succeed.
      this.#failure = error;
      this.assertSound();
    } finally {
      for (const fd of full) closeSync(fd);
    }
    this.#synced = Math.max(this.#synced, end);
  }
}
