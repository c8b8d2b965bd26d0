import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {Matrix} from '../../models/index.ts';
import {decodeReferenceRows, encodeReferenceRows, sampleReferenceRows} from './reference-rows.ts';

const matrix = (rows: number): Matrix => ({
  rows,
  names: ['age', 'größe'],
  kinds: ['numeric', 'categorical'],
  columns: [
    Float64Array.from({length: rows}, (_, i) => (i % 7 === 0 ? Number.NaN : i)),
    Float64Array.from({length: rows}, (_, i) => i % 3),
  ],
});
const counted = (rows: number, of: (i: number) => number) => Float64Array.from({length: rows}, (_, i) => of(i));
const sampled = (rows: number) =>
  sampleReferenceRows(
    matrix(rows),
    counted(rows, i => i / rows),
    counted(rows, i => i % 2),
    seededRandom(7),
  );

describe('reference rows', () => {
  test('are all rows of a small test split', () => {
    const rows = sampled(50);
    expect(rows.rows).toBe(50);
    expect(rows.columns).toEqual(matrix(50).columns);
    expect(rows.categorical).toEqual([false, true]);
  });

  test('are 10,000 of a large one, whole rows, the same for the same seed', () => {
    const rows = sampled(30_000);
    expect([rows.rows, rows.of]).toEqual([10_000, 30_000]);
    expect(sampled(30_000)).toEqual(rows);
    for (let i = 0; i < rows.rows; i++) {
      const row = Math.round(rows.scores[i]! * 30_000);
      expect([rows.columns[1]![i], rows.labels[i]]).toEqual([row % 3, row % 2]);
    }
  });

  test('come back from their file to the bit', () => {
    const rows = sampled(321);
    expect(decodeReferenceRows(encodeReferenceRows(rows))).toEqual(rows);
  });

  test('come back from a place in a larger buffer that is not aligned', () => {
    const bytes = encodeReferenceRows(sampled(9));
    const larger = new Uint8Array(bytes.length + 8);
    larger.set(bytes, 3);
    expect(decodeReferenceRows(larger.subarray(3, 3 + bytes.length))).toEqual(sampled(9));
  });

  test('of a file that was cut anywhere are refused', () => {
    const bytes = encodeReferenceRows(sampled(9));
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeReferenceRows(bytes.subarray(0, length))).toThrow(/reference rows .* cannot be read/);
  });

  test('say how long their file should be', () => {
    const bytes = encodeReferenceRows(sampled(9));
    expect(() => decodeReferenceRows(bytes.subarray(0, bytes.length - 1))).toThrow(
      `they are ${bytes.length - 1} bytes long, not ${bytes.length}`,
    );
  });
});
