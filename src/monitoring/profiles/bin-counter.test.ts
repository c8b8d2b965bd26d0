import fc from 'fast-check';
import {expect, test} from 'vitest';
import {histogram, quantileEdges} from '../../math/index.ts';
import {BinCounter} from './bin-counter.ts';

const number = fc.oneof(
  fc.double({noNaN: true}),
  fc.integer({min: -5, max: 5}),
  fc.double({noNaN: true, min: 1, max: 1 + 1e-13}),
  fc.constantFrom(Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -0),
);

test('counts are those of a search for each value, whatever edges and values', () => {
  fc.assert(
    fc.property(fc.array(number, {maxLength: 60}), fc.array(number, {maxLength: 60}), (sample, values) => {
      const edges = quantileEdges(sample.filter(Number.isFinite), 12);
      const counts = new Array<number>(edges.length + 1).fill(0);
      // Values on the edges are where it could go wrong.
      const all = Float64Array.from([...values, ...edges]);
      new BinCounter(edges).count(all, counts);
      expect(counts).toEqual(histogram(all, edges).counts);
    }),
    {seed: 1, numRuns: 400},
  );
});

test('nine deciles of a column that is skewed are counted as they are', () => {
  const values = Float64Array.from({length: 20_000}, (_, i) => Math.exp(((i * 7_919) % 20_000) / 2_000));
  const edges = quantileEdges(values, 10);
  const counts = new Array<number>(10).fill(0);
  new BinCounter(edges).count(values, counts);
  expect(counts).toEqual(new Array(10).fill(2_000));
});
