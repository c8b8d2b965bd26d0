import {createReadStream} from 'node:fs';
import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';
import type {Quarantine, QuarantinedRow} from './quarantine.ts';

/**
 * A quarantine in one file of JSON lines, for people to read with their own tools and to push again once
 * the cause is mended. Offsets are bytes. A last line without its end was never acknowledged (the process
 * died while it was written) and is cut off on opening.
 */
export class FileQuarantine implements Quarantine {
  readonly path: string;
  readonly #file: FileHandle;
  #end: number;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, end: number) {
    this.path = path;
    this.#file = file;
    this.#end = end;
  }

  static async open(path: string): Promise<FileQuarantine> {
    await mkdir(dirname(path), {recursive: true});
    const file = await open(path, 'a+');
    const end = await endOfLastLine(file);
    await file.truncate(end);
    return new FileQuarantine(path, file, end);
  }

  append(rows: readonly QuarantinedRow[]): Promise<void> {
    const bytes = Buffer.from(rows.map(row => `${JSON.stringify(row)}\n`).join(''));
    const written = this.#writing.then(async () => {
      await this.#file.appendFile(bytes);
      this.#end += bytes.length;
    });
    // The next append waits for this one but does not inherit its failure, which its own caller gets.
    this.#writing = written.catch(() => this.#file.truncate(this.#end));
    return written;
  }

  async *read({
    from = 0,
    stream,
  }: {
    readonly from?: number;
    readonly stream?: string;
  } = {}): AsyncIterable<QuarantinedRow> {
    const end = this.#end;
    if (from >= end) return;
    let rest = '';
    for await (const chunk of createReadStream(this.path, {start: from, end: end - 1, encoding: 'utf8'})) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const row = this.#parse(line);
        if (stream === undefined || row.stream === stream) yield row;
      }
    }
  }

  end(): number {
    return this.#end;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #parse(line: string): QuarantinedRow {
    try {
      return JSON.parse(line) as QuarantinedRow;
    } catch (cause) {
      throw new MillraceError('STORE_CORRUPT', `${this.path} has a line that is no JSON: ${line.slice(0, 80)}`, {
        cause,
        fix: 'Repair or remove that line.',
      });
    }
  }
}

/** Byte after the last newline, looked for backwards. */
async function endOfLastLine(file: FileHandle): Promise<number> {
  const block = Buffer.alloc(65_536);
  for (let end = (await file.stat()).size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const {bytesRead} = await file.read(block, 0, end - start, start);
    const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
