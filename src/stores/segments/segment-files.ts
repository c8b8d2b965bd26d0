/** The files of a log: `<position of the first event>.segment`, sixteen digits, so that names sort as positions do. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';

const NAME = /^\d{16}\.segment$/;

/** Ending of a file that is being written and will be renamed to the name in front. */
export const BESIDE = '.unfinished';

export function segmentName(position: number): string {
  return `${String(position).padStart(16, '0')}.segment`;
}

export function segmentNames(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => NAME.test(name))
    .sort();
}

/** Makes the folder and its parents. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, {recursive: true});
}

/** Removes files that a process which died was still writing. */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith(BESIDE)) rmSync(join(folder, name));
}

/** Writes a small file that stands whole and on the disk when this returns, or as it was before. */
export function replaceFile(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  const beside = `${path}${BESIDE}`;
  writeFileSync(beside, text, {flush: true});
  renameSync(beside, path);
  syncFolder(folder);
}

/** Makes files created in the folder, or removed from it, survive a loss of power. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Reads a file front to back through one buffer. */
export class FileWindow {
  readonly #fd: number;
  readonly size: number;
  #buffer = Buffer.alloc(0);
  #start = 0;

  constructor(fd: number) {
    this.#fd = fd;
    this.size = fstatSync(fd).size;
  }

  /**
   * Up to `length` bytes at `at`, fewer at the end of the file; valid until the next call.
   * @param ahead how much to read at once when the bytes are not at hand
   */
  view(at: number, length: number, ahead: number): Buffer {
    const end = Math.min(at + length, this.size);
    if (at < this.#start || end > this.#start + this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafe(Math.min(Math.max(length, ahead), this.size - at));
      this.#start = at;
      let filled = 0;
      while (filled < this.#buffer.length) {
        const read = readSync(this.#fd, this.#buffer, filled, this.#buffer.length - filled, at + filled);
        if (read === 0) break;
        filled += read;
      }
      this.#buffer = this.#buffer.subarray(0, filled);
    }
    return this.#buffer.subarray(at - this.#start, end - this.#start);
  }
}
