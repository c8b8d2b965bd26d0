import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {categoryBins, RARE_BIN} from './category-bins.ts';
import {numericEdges} from './numeric-edges.ts';
import {sortFloats} from './sort-floats.ts';

test('sorting float32 by digits equals sorting by comparison', () => {
  fc.assert(
    fc.property(fc.float32Array({noNaN: true}), values => {
      expect(sortFloats(values)).toEqual(values.slice().sort());
    }),
  );
});

test('few distinct values have a bin each, split between neighbours', () => {
  expect(numericEdges(Float32Array.of(3, 1, 1, Number.NaN, 2, 3), 255)).toEqual(
    Float32Array.of(1.5, 2.5, Number.POSITIVE_INFINITY),
  );
});

test('edges ascend, separate what they stand between, and end in infinity', () => {
  fc.assert(
    fc.property(fc.float32Array({minLength: 1}), fc.integer({min: 2, max: 20}), (values, maxBins) => {
      const edges = numericEdges(values, maxBins);
      expect(edges.length).toBeLessThanOrEqual(maxBins);
      expect(edges.at(-1)).toBe(Number.POSITIVE_INFINITY);
      for (let k = 1; k < edges.length; k++) expect(edges[k]!).toBeGreaterThan(edges[k - 1]!);
    }),
  );
});

test('bins of a continuous feature hold about equally many values', () => {
  const random = seededRandom(1);
  const values = Float32Array.from({length: 20_000}, () => normal(random));
  const edges = numericEdges(values, 100);
  expect(edges).toHaveLength(100);
  const counts = new Float64Array(100);
  for (const x of values) counts[edges.findIndex(edge => x <= edge)]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(180);
  expect(Math.max(...counts)).toBeLessThan(220);
});

test('of more categories than bins the most frequent have their own, the others share one', () => {
  const codes = Float32Array.from({length: 5_000}, (_, i) => (i < 4_000 ? 300 + (i % 20) : i % 400));
  const bins = categoryBins(codes, 400);
  const own = [...bins].filter(bin => bin !== RARE_BIN);
  expect(new Set(own).size).toBe(254);
  expect(own).toHaveLength(254);
  for (let code = 300; code < 320; code++) expect(bins[code]).not.toBe(RARE_BIN);
  expect([...categoryBins(codes, 5)]).toEqual([0, 1, 2, 3, 4]);
});
