import {expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {type BinSum, categorySplit} from './category-split.ts';

const rules = {gUnit: 0.01, hUnit: 1, l2: 1, minRows: 1, minHessian: 0, smoothing: 0};

/** Six categories whose second derivative is 1 a row, as with squared loss: there the ordering is exact. */
function categories(seed: number): BinSum[] {
  const random = seededRandom(seed);
  return Array.from({length: 6}, (_, bin) => {
    const rows = 5 + Math.floor(random() * 50);
    return {bin, rows, h: rows, g: Math.round((random() - 0.5) * 200 * rows)};
  });
}

const total = (sums: readonly BinSum[], key: 'g' | 'h' | 'rows') => sums.reduce((a, sum) => a + sum[key], 0);

test.each([1, 2, 3, 4, 5, 6, 7, 8])('finds the best of all divisions into two groups (case %i)', seed => {
  const sums = categories(seed);
  let best = -1;
  for (let subset = 1; subset < 2 ** sums.length - 1; subset++) {
    const sides = [0, 1].map(side => sums.filter(({bin}) => ((subset >> bin) & 1) === side));
    const term = (side: BinSum[]) => (total(side, 'g') * rules.gUnit) ** 2 / (total(side, 'h') + rules.l2);
    best = Math.max(best, term(sides[0]!) + term(sides[1]!));
  }
  const found = categorySplit(sums, {...rules, l2: rules.l2})!;
  // The optimum is a prefix for l2 = 0; a small l2 hardly matters.
  expect(found.gain).toBeGreaterThan(best * 0.999);
  const left = sums.filter(({bin}) => found.bins.includes(bin));
  expect(found).toMatchObject({g: total(left, 'g'), h: total(left, 'h'), rows: total(left, 'rows')});
  expect(found.bins.length).toBeLessThanOrEqual(3);
});

test('smoothing keeps a rare category from leading the order', () => {
  const common: BinSum[] = [
    {bin: 0, rows: 100, h: 100, g: -4_000},
    {bin: 1, rows: 100, h: 100, g: 4_000},
  ];
  const sums = [...common, {bin: 2, rows: 1, h: 1, g: -90}];
  const gain = (smoothing: number) => categorySplit(sums, {...rules, smoothing})!.gain;
  expect(gain(50)).toBeLessThan(gain(0));
  expect(categorySplit(sums, {...rules, smoothing: 50})!.bins).toEqual([1]);
});

test('the shared bin of rare categories is never listed, and too few rows make no split', () => {
  const sums = [...categories(1), {bin: 254, rows: 9, h: 9, g: -90_000}];
  expect(categorySplit(sums, rules)!.bins).not.toContain(254);
  expect(categorySplit(sums, {...rules, minRows: 10_000})).toBeNull();
  expect(categorySplit(sums.slice(0, 1), rules)).toBeNull();
});
