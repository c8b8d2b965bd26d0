import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ColumnData} from '../../protocol/index.ts';
import {ByteWriter} from './byte-writer.ts';
import {ColumnsReader, type NamedColumn, writeColumns} from './columns-codec.ts';

const encode = (columns: readonly NamedColumn[]): Buffer => {
  const out = new ByteWriter();
  writeColumns(out, columns);
  return Buffer.from(out.bytes());
};

const text = fc.oneof(fc.constant(null), fc.constantFrom('ATL', 'ORD'), fc.string({unit: 'grapheme', maxLength: 300}));
const table = fc.nat({max: 80}).chain(count =>
  fc.record({
    count: fc.constant(count),
    columns: fc.array(
      fc.tuple(
        fc.string(),
        fc.oneof(
          fc.array(fc.double(), {minLength: count, maxLength: count}).map((v): ColumnData => Float64Array.from(v)),
          fc.array(text, {minLength: count, maxLength: count}).map((v): ColumnData => v),
        ),
      ),
      {maxLength: 4},
    ),
  }),
);

describe('columns codec', () => {
  test('gives back any rows of any columns', () => {
    fc.assert(
      fc.property(table, fc.nat(), fc.nat(), ({count, columns}, a, b) => {
        const [from, to] = [a % (count + 1), b % (count + 1)].sort((x, y) => x - y) as [number, number];
        const reader = new ColumnsReader(to - from);
        expect(reader.add(encode(columns), count, from, to)).toBe(true);
        expect(reader.finish()).toEqual(columns.map(([name, data]) => [name, data.slice(from, to)]));
      }),
      {seed: 7, numRuns: 300},
    );
  });

  test('joins blocks with equal columns, and refuses others without adding a row', () => {
    const reader = new ColumnsReader(10);
    expect(reader.add(encode([['x', Float64Array.of(1, 2)]]), 2, 0, 2)).toBe(true);
    expect(reader.add(encode([['y', Float64Array.of(3)]]), 1, 0, 1)).toBe(false);
    expect(reader.add(encode([['x', ['3']]]), 1, 0, 1)).toBe(false);
    expect(reader.add(encode([['x', Float64Array.of(3, 4, 5)]]), 3, 1, 2)).toBe(true);
    expect(reader.finish()).toEqual([['x', Float64Array.of(1, 2, 4)]]);
  });

  test('stores a column whose values repeat as a dictionary', () => {
    const airports = Array.from({length: 10_000}, (_, i) => (i % 100 === 0 ? null : `airport-${i % 254}`));
    const block = encode([['origin', airports]]);
    expect(block.length).toBeLessThan(25_000);
    const reader = new ColumnsReader(10_000);
    reader.add(block, 10_000, 0, 10_000);
    expect(reader.finish()).toEqual([['origin', airports]]);
  });

  test.each([254, 255, 256, 65_534, 65_535, 65_536])('keeps a string of %i bytes beside null', length => {
    const column = ['x'.repeat(length), null];
    const reader = new ColumnsReader(2);
    reader.add(encode([['text', column]]), 2, 0, 2);
    expect(reader.finish()).toEqual([['text', column]]);
  });

  test('refuses a block that is cut off', () => {
    const block = encode([['x', Float64Array.of(1, 2)]]);
    expect(() => new ColumnsReader(2).add(block.subarray(0, -1), 2, 0, 2)).toThrow(RangeError);
  });
});
