import {beforeAll, describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {readBins} from '../trees/category-split.ts';
import {compileKernel, instantiateKernel, type Kernel} from './kernel.ts';
import {wasm} from './web-assembly.ts';

const memory = new wasm.Memory({initial: 200, maximum: 200, shared: true});
const u8 = new Uint8Array(memory.buffer);
const u32 = new Uint32Array(memory.buffer);
const i32 = new Int32Array(memory.buffer);
const f32 = new Float32Array(memory.buffer);
const f64 = new Float64Array(memory.buffer);
const i64 = new BigInt64Array(memory.buffer);
let kernel: Kernel;

beforeAll(async () => {
  kernel = instantiateKernel(await compileKernel(), memory);
});

/** Byte offsets with room for 20,000 rows of 16 features. */
const [GRADIENTS, ROWS, BINS, SPARE, TILE, NARROW, WIDE, OUT, EDGES, TABLE] = [
  1_024, 262_144, 524_288, 1_048_576, 1_310_720, 1_572_864, 2_097_152, 3_145_728, 3_147_776, 3_149_824,
];

type Row = {g: number; h: number; bins: number[]};

/** Random rows in memory, their derivatives already whole numbers, so that rounding changes nothing. */
function placeRows(seed: number, count: number, features: number, stride: number): Row[] {
  const random = seededRandom(seed);
  return Array.from({length: count}, (_, row) => {
    const g = Math.floor(random() * 16_383) - 8_191;
    const h = Math.floor(random() * 1_024);
    const bins = Array.from({length: features}, () => (random() < 0.1 ? 255 : Math.floor(random() ** 3 * 255)));
    f32[GRADIENTS / 4 + 2 * row] = g;
    f32[GRADIENTS / 4 + 2 * row + 1] = h;
    u8.set(bins, BINS + row * stride);
    return {g, h, bins};
  });
}

describe('the histogram kernel', () => {
  test.each([
    {features: 1, stride: 8, count: 10, share: 1},
    {features: 7, stride: 8, count: 20_000, share: 1},
    {features: 8, stride: 8, count: 9_001, share: 0.3},
    {features: 14, stride: 16, count: 20_000, share: 0.9},
    {features: 11, stride: 16, count: 5_000, share: 0.02},
  ])('adds exactly what a plain loop adds: %o', ({features, stride, count, share}) => {
    const rows = placeRows(count, count, features, stride);
    kernel.quantise(GRADIENTS, 0, count, 1, 1, 99);
    const random = seededRandom(5);
    const listed = [...rows.keys()].filter(() => random() < share);
    u32.set(listed, ROWS / 4);
    kernel.histogram(ROWS, listed.length, BINS, stride, GRADIENTS, TILE, NARROW, WIDE, features);
    for (let f = 0; f < features; f++) {
      const expected = new Map<number, {bin: number; g: number; h: number; rows: number}>();
      for (const row of listed) {
        const {g, h, bins} = rows[row]!;
        const bin = bins[f]!;
        const sum = expected.get(bin) ?? {bin, g: 0, h: 0, rows: 0};
        expected.set(bin, {bin, g: sum.g + g, h: sum.h + h, rows: sum.rows + 1});
      }
      expect(readBins(i32, WIDE + f * 4_096, 255)).toEqual([...expected.values()].sort((a, b) => a.bin - b.bin));
    }
  });

  test('sums of parts are the whole, and a parent less a child is the other child', () => {
    const rows = placeRows(3, 4_000, 5, 8);
    kernel.quantise(GRADIENTS, 0, rows.length, 1, 1, 99);
    const build = (from: number, to: number, wide: number) => {
      for (let k = from; k < to; k++) u32[ROWS / 4 + k - from] = k;
      kernel.histogram(ROWS, to - from, BINS, 8, GRADIENTS, TILE, NARROW, wide, 5);
      return i32.slice(wide / 4, wide / 4 + 5 * 1_024);
    };
    const second = WIDE + 65_536;
    const whole = build(0, 4_000, WIDE);
    const left = build(0, 1_500, WIDE);
    const right = build(1_500, 4_000, second);
    kernel.addHistogram(WIDE, second, 5 * 256);
    expect(
      Buffer.compare(Buffer.from(i32.slice(WIDE / 4, WIDE / 4 + 5 * 1_024).buffer), Buffer.from(whole.buffer)),
    ).toBe(0);
    kernel.subtractHistogram(WIDE, second, 5 * 256);
    expect(
      Buffer.compare(Buffer.from(i32.slice(WIDE / 4, WIDE / 4 + 5 * 1_024).buffer), Buffer.from(left.buffer)),
    ).toBe(0);
    expect(right.some(word => word !== 0)).toBe(true);
  });
});

describe('the threshold scan', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'finds the best of all thresholds and both ways of missing rows (case %i)',
    seed => {
      const rows = placeRows(seed, 300, 1, 8).map(row =>
        seed % 2 === 0 ? {...row, bins: row.bins.map(b => b % 20)} : row,
      );
      for (const [row, {bins}] of rows.entries()) u8.set(bins, BINS + row * 8);
      kernel.quantise(GRADIENTS, 0, rows.length, 1, 1, 99);
      u32.set([...rows.keys()], ROWS / 4);
      kernel.histogram(ROWS, rows.length, BINS, 8, GRADIENTS, TILE, NARROW, WIDE, 1);
      const [gUnit, hUnit, l2, minRows, minHessian] = [0.01, 0.001, 1, 20, 3];
      kernel.total(WIDE, OUT);
      kernel.scan(WIDE, 255, OUT, gUnit, hUnit, l2, minRows, minHessian, OUT + 64);
      const [gain, bin, missingLeft, g, h, leftRows] = f64.slice(OUT / 8 + 8, OUT / 8 + 14);

      const sum = (side: Row[]) => ({
        g: side.reduce((a, r) => a + r.g, 0),
        h: side.reduce((a, r) => a + r.h, 0),
        rows: side.length,
      });
      const gainOf = (left: Row[], right: Row[]) => {
        const sides = [sum(left), sum(right)];
        if (sides.some(s => s.rows < minRows || s.h * hUnit < minHessian)) return -1;
        return sides.reduce((total, s) => total + (s.g * gUnit) ** 2 / (s.h * hUnit + l2), 0);
      };
      const isLeft = (threshold: number, withMissing: boolean) => (r: Row) =>
        r.bins[0] === 255 ? withMissing : r.bins[0]! <= threshold;
      let best = -1;
      for (let threshold = 0; threshold < 255; threshold++)
        for (const withMissing of [false, true]) {
          const left = isLeft(threshold, withMissing);
          best = Math.max(
            best,
            gainOf(
              rows.filter(left),
              rows.filter(r => !left(r)),
            ),
          );
        }
      expect(best).toBeGreaterThan(0);
      expect(gain).toBeCloseTo(best, 8);
      const left = rows.filter(isLeft(bin!, missingLeft === 1));
      expect({g, h, rows: leftRows}).toEqual(sum(left));
    },
  );
});

test('a partition keeps the order of rows on both sides', () => {
  const rows = placeRows(8, 3_000, 3, 8);
  u8.set(
    Array.from({length: 256}, (_, bin) => (bin % 3 === 0 ? 1 : 0)),
    TABLE,
  );
  u32.set([...rows.keys()], ROWS / 4);
  const left = kernel.partition(ROWS, rows.length, BINS + 1, 8, TABLE, SPARE);
  const isLeft = (row: number) => rows[row]!.bins[1]! % 3 === 0;
  const all = [...rows.keys()];
  expect([...u32.slice(ROWS / 4, ROWS / 4 + rows.length)]).toEqual([
    ...all.filter(isLeft),
    ...all.filter(r => !isLeft(r)),
  ]);
  expect(left).toBe(all.filter(isLeft).length);
});

test('rounding to whole numbers is unbiased, bounded and repeats', () => {
  const count = 20_000;
  const place = () => {
    for (let row = 0; row < count; row++) f32.set([-0.3, 0.25], GRADIENTS / 4 + 2 * row);
    kernel.quantise(GRADIENTS, 0, count, 1, 1, 4);
    return i64.slice(GRADIENTS / 8, GRADIENTS / 8 + count);
  };
  const packed = place();
  const mean = (of: (word: bigint) => bigint) => Number(packed.reduce((a, word) => a + of(word), 0n)) / count;
  expect(mean(word => word >> 37n)).toBeCloseTo(-0.3, 1.5);
  expect(mean(word => (word >> 14n) & 0x7fffffn)).toBeCloseTo(0.25, 1.5);
  expect(mean(word => word & 0x3fffn)).toBe(1);
  expect(place()).toEqual(packed);
});

test('a bin is the number of edges below the value; the last bin but one holds infinity, the last NaN', () => {
  const random = seededRandom(9);
  const edges = Float32Array.from({length: 254}, () => random() * 10 - 5).sort();
  f32.fill(Number.POSITIVE_INFINITY, EDGES / 4, EDGES / 4 + 256).set(edges, EDGES / 4);
  const values = Float32Array.from({length: 2_000}, (_, i) => (i < 254 ? edges[i]! : random() * 12 - 6));
  values.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 300);
  f32.set(values, SPARE / 4);
  kernel.assignBins(SPARE, values.length, EDGES, BINS, 8);
  values.forEach((x, i) => {
    expect(u8[BINS + 8 * i]).toBe(Number.isNaN(x) ? 255 : edges.filter(edge => edge < x).length);
  });
});
