import {createReadStream} from 'node:fs';
import {type FileHandle, mkdir, open, rename, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';
import type {Quarantine, QuarantinedRow, QuarantineRange, Settlement, StoredRow} from './quarantine.ts';

/**
 * A quarantine in one file of JSON lines, for people to read with their own tools and to push again once
 * the cause is mended. Offsets are bytes. What becomes of a row is a line of its own, further down, that begins with
 * its `offset`. A last line without its end was never acknowledged (the process died while it was written) and is cut
 * off on opening.
 *
 * Nothing is ever changed but by `erase`, which puts blanks of the same length in the place of lines, so that all
 * offsets stay.
 */
export class FileQuarantine implements Quarantine {
  readonly path: string;
  #file: FileHandle;
  #end: number;
  #writing: Promise<unknown> = Promise.resolve();
  /** The last settlement of each row that has one; null until someone asks. */
  #settlements: Promise<Map<number, Settlement>> | null = null;

  private constructor(path: string, file: FileHandle, end: number) {
    this.path = path;
    this.#file = file;
    this.#end = end;
  }

  static async open(path: string): Promise<FileQuarantine> {
    await mkdir(dirname(path), {recursive: true});
    await rm(erasingPath(path), {force: true});
    const file = await open(path, 'a+');
    const end = await endOfLastLine(file);
    await file.truncate(end);
    return new FileQuarantine(path, file, end);
  }

  append(rows: readonly QuarantinedRow[]): Promise<void> {
    return this.#write(rows);
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    // The offset comes first: it tells these lines from rows.
    await this.#write(settlements.map(({offset, ...rest}) => ({offset, ...rest})));
    const known = await this.#settlements;
    if (known) for (const settlement of settlements) known.set(settlement.offset, settlement);
  }

  async *read({from = 0, stream, settled = false}: QuarantineRange = {}): AsyncIterable<StoredRow> {
    const end = this.#end;
    this.#settlements ??= this.#readSettlements();
    const settlements = await this.#settlements;
    for await (const {offset, line} of linesOf(this.path, from, end)) {
      if (line.startsWith(SETTLEMENT) || isErased(line)) continue;
      const row = this.#parse<QuarantinedRow>(line);
      if (stream !== undefined && row.stream !== stream) continue;
      const last = settlements.get(offset);
      if (last?.outcome === 'refused')
        yield {...row, check: last.check, message: last.message, offset, settlement: null};
      else if (last === undefined || settled) yield {...row, offset, settlement: last ?? null};
    }
  }

  erase(offsets: readonly number[]): Promise<number> {
    const wanted = new Set(offsets);
    return this.#inTurn(async () => {
      if (wanted.size === 0) return 0;
      const path = erasingPath(this.path);
      const copy = await open(path, 'w');
      let erased = 0;
      let text = '';
      try {
        for await (const {offset, line} of linesOf(this.path, 0, this.#end)) {
          const settlement = line.startsWith(SETTLEMENT);
          const gone = wanted.has(settlement ? this.#parse<Settlement>(line).offset : offset) && !isErased(line);
          if (gone && !settlement) erased++;
          text += `${gone ? blankOf(line) : line}\n`;
          if (text.length < COPIED_CHARACTERS) continue;
          await copy.appendFile(text);
          text = '';
        }
        await copy.appendFile(text);
        await copy.sync();
      } finally {
        await copy.close();
      }
      await rename(path, this.path);
      const old = this.#file;
      this.#file = await open(this.path, 'a+');
      await old.close();
      const known = await this.#settlements;
      for (const offset of wanted) known?.delete(offset);
      return erased;
    });
  }

  end(): number {
    return this.#end;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  #write(records: readonly object[]): Promise<void> {
    const bytes = Buffer.from(records.map(record => `${JSON.stringify(record)}\n`).join(''));
    return this.#inTurn(async () => {
      await this.#file.appendFile(bytes);
      this.#end += bytes.length;
    });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#writing.then(change);
    // The next change waits for this one but does not inherit its failure, which its own caller gets.
    this.#writing = changed.catch(() => this.#file.truncate(this.#end));
    return changed;
  }

  async #readSettlements(): Promise<Map<number, Settlement>> {
    const found = new Map<number, Settlement>();
    for await (const {line} of linesOf(this.path, 0, this.#end)) {
      if (!line.startsWith(SETTLEMENT)) continue;
      const settlement = this.#parse<Settlement>(line);
      found.set(settlement.offset, settlement);
    }
    return found;
  }

  #parse<T>(line: string): T {
    try {
      return JSON.parse(line) as T;
    } catch (cause) {
      throw new MillraceError('STORE_CORRUPT', `${this.path} has a line that is no JSON: ${line.slice(0, 80)}`, {
        cause,
        fix: 'Repair or remove that line.',
      });
    }
  }
}

const SETTLEMENT = '{"offset":';

/** Written at a time while the file is written anew. */
const COPIED_CHARACTERS = 1 << 20;

/** What stands where a line was erased, in as many bytes: valid JSON, which says nothing. */
const ERASED = '{}';
const isErased = (line: string) => line.startsWith(ERASED);
const blankOf = (line: string) => ERASED.padEnd(Buffer.byteLength(line));

/** Where the file is written anew; what a killed process left of it is removed on opening. */
const erasingPath = (path: string) => `${path}.erasing`;

/** The lines between two bytes of a file, with the byte at which each begins. */
async function* linesOf(path: string, start: number, end: number): AsyncIterable<{offset: number; line: string}> {
  if (start >= end) return;
  let offset = start;
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path, {start, end: end - 1, highWaterMark: 1 << 18})) {
    let from = 0;
    for (let to = chunk.indexOf(0x0a); to >= 0; to = chunk.indexOf(0x0a, from)) {
      const bytes = Buffer.concat([...parts, chunk.subarray(from, to)]);
      parts = [];
      yield {offset, line: bytes.toString('utf8')};
      offset += bytes.length + 1;
      from = to + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
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
