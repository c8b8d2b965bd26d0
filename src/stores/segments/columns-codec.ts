/**
 * Named columns as a block of bytes, and back. Pure: no files, no clock.
 *
 *   u16 bytes of the schema; per column: u8 kind (0 numbers, 1 strings), u16 bytes of the name, name (UTF-8)
 *   per column: numbers as little-endian float64, strings as in string-codec.ts
 *
 * The number of rows is not part of the block; whoever keeps it keeps the count.
 */
import {endianness} from 'node:os';
import type {ColumnData} from '../../protocol/index.ts';
import type {ByteWriter} from './byte-writer.ts';
import {readStrings, writeStrings} from './string-codec.ts';

export type NamedColumn = readonly [name: string, data: ColumnData];

const NUMBERS = 0;
const STRINGS = 1;

/** Numbers are copied as they lie in memory, which is the order of the format on all machines Node runs on but one. */
export const nativeOrder = endianness() === 'LE';

export function writeColumns(out: ByteWriter, columns: readonly NamedColumn[]): void {
  const schemaAt = out.skip(2);
  for (const [name, data] of columns) {
    out.u8(data instanceof Float64Array ? NUMBERS : STRINGS);
    const lengthAt = out.skip(2);
    out.u16(out.text(name), lengthAt);
  }
  out.u16(out.length - schemaAt - 2, schemaAt);
  for (const [, data] of columns) {
    if (data instanceof Float64Array) out.numbers(data);
    else writeStrings(out, data);
  }
}

/** Joins rows of many blocks with the same columns into one set of columns. */
export class ColumnsReader {
  readonly #capacity: number;
  #schema: Buffer | undefined;
  #columns: {readonly name: string; readonly numbers: Float64Array; readonly strings: (string | null)[] | undefined}[] =
    [];
  #count = 0;

  /** @param capacity the most rows that will be added */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds rows [from, to) of a block of `count` rows. Returns false, having added nothing, if the block's
   * columns differ in name, kind or order from those already here. Throws RangeError for a malformed block.
   */
  add(block: Buffer, count: number, from: number, to: number): boolean {
    const start = 2 + block.readUInt16LE(0);
    if (!this.#schema) {
      this.#schema = Buffer.from(block.subarray(0, start));
      this.#columns = readSchema(this.#schema, this.#capacity);
    } else if (block.compare(this.#schema, 0, this.#schema.length, 0, start) !== 0) return false;
    let at = start;
    for (const {numbers, strings} of this.#columns) {
      if (strings) at = readStrings(block, at, count, from, to, strings);
      else {
        readNumbers(block, at + from * 8, to - from, numbers, this.#count);
        at += count * 8;
      }
    }
    if (at !== block.length) throw new RangeError(`Columns end at byte ${at} of a block of ${block.length}.`);
    this.#count += to - from;
    return true;
  }

  /** What was added. The reader must not be used afterwards. */
  finish(): NamedColumn[] {
    return this.#columns.map(({name, numbers, strings}) => [
      name,
      strings ?? (this.#count === numbers.length ? numbers : numbers.slice(0, this.#count)),
    ]);
  }
}

const none = new Float64Array(0);

function readSchema(schema: Buffer, capacity: number) {
  const columns: {name: string; numbers: Float64Array; strings: (string | null)[] | undefined}[] = [];
  for (let at = 2; at < schema.length; ) {
    const kind = schema[at];
    const end = at + 3 + schema.readUInt16LE(at + 1);
    const name = schema.toString('utf8', at + 3, end);
    columns.push(
      kind === STRINGS
        ? {name, numbers: none, strings: []}
        : {name, numbers: new Float64Array(capacity), strings: undefined},
    );
    at = end;
  }
  return columns;
}

function readNumbers(block: Buffer, at: number, count: number, target: Float64Array, targetAt: number): void {
  if (at + count * 8 > block.length) throw new RangeError('A column of numbers is cut off.');
  if (count < 16) for (let i = 0; i < count; i++) target[targetAt + i] = block.readDoubleLE(at + i * 8);
  else new Uint8Array(target.buffer, targetAt * 8, count * 8).set(block.subarray(at, at + count * 8));
}
