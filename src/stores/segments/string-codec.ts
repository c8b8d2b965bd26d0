/**
 * A column of strings and nulls as bytes, in one of two encodings (the first byte says which):
 *
 *   plain       flags, u32 bytes of text, text (UTF-8), packed lengths
 *   dictionary  flags, u32 entries, the entries as plain, packed codes
 *
 * A column whose values repeat is stored as a dictionary: smaller, and read back without making a new
 * string per row. A lone surrogate is no character and comes back as U+FFFD.
 */
import type {ByteWriter} from './byte-writer.ts';
import {NULL, readPacked, writePacked} from './packed-integers.ts';

const DICTIONARY = 1;
const ASCII = 2;

/** Below this many rows a dictionary does not pay. */
const SMALL = 16;

/** Distinct values in the first rows after which a column is taken for one without repetitions. */
const GIVE_UP = 1_024;

// Used within one call only; grown when a column is longer.
let scratch = new Uint32Array(16_384);
function integers(count: number): Uint32Array {
  if (scratch.length < count) scratch = new Uint32Array(count * 2);
  return scratch;
}

export function writeStrings(out: ByteWriter, values: readonly (string | null)[]): void {
  const distinct = values.length < SMALL ? undefined : dictionaryOf(values);
  if (!distinct) {
    writePlain(out, values);
    return;
  }
  out.u8(DICTIONARY);
  out.u32(distinct.size);
  writePlain(out, [...distinct.keys()]);
  const codes = integers(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    codes[i] = value === null ? NULL : distinct.get(value)!;
  }
  writePacked(out, codes, values.length);
}

function writePlain(out: ByteWriter, values: readonly (string | null)[]): void {
  const header = out.skip(5);
  const lengths = integers(values.length);
  const start = out.length;
  let characters = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null) lengths[i] = NULL;
    else {
      characters += value.length;
      lengths[i] = out.text(value);
    }
  }
  const bytes = out.length - start;
  out.u8(bytes === characters ? ASCII : 0, header);
  out.u32(bytes, header + 1);
  writePacked(out, lengths, values.length);
}

/** The distinct values with their codes, or undefined as soon as too many of them differ. */
function dictionaryOf(values: readonly (string | null)[]): Map<string, number> | undefined {
  const codes = new Map<string, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null || codes.has(value)) continue;
    codes.set(value, codes.size);
    if (codes.size > Math.min(values.length / 2, GIVE_UP + i / 4)) return undefined;
  }
  return codes;
}

/** Reads rows [from, to) of a column of `count` strings at `at` to the end of `target`; returns the offset after the column. */
export function readStrings(
  bytes: Buffer,
  at: number,
  count: number,
  from: number,
  to: number,
  target: (string | null)[],
): number {
  if (((bytes[at] ?? 0) & DICTIONARY) === 0) return readPlain(bytes, at, count, from, to, target);
  const entries = bytes.readUInt32LE(at + 1);
  const dictionary: (string | null)[] = [];
  const codesAt = readPlain(bytes, at + 5, entries, 0, entries, dictionary);
  const codes = integers(count);
  const end = readPacked(bytes, codesAt, codes, count);
  for (let i = from; i < to; i++) target.push(codes[i] === NULL ? null : dictionary[codes[i]!]!);
  return end;
}

function readPlain(
  bytes: Buffer,
  at: number,
  count: number,
  from: number,
  to: number,
  target: (string | null)[],
): number {
  const encoding = (bytes[at]! & ASCII) === 0 ? 'utf8' : 'latin1';
  let start = at + 5;
  const lengths = integers(count);
  const end = readPacked(bytes, start + bytes.readUInt32LE(at + 1), lengths, count);
  for (let i = 0; i < to; i++) {
    const length = lengths[i]!;
    if (length === NULL) {
      if (i >= from) target.push(null);
      continue;
    }
    if (i >= from) target.push(bytes.toString(encoding, start, start + length));
    start += length;
  }
  return end;
}
