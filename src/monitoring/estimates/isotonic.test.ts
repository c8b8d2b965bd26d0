import fc from 'fast-check';
import {expect, test} from 'vitest';
import {applyIsotonic, fitIsotonic} from './isotonic.ts';

const rows = fc.array(
  fc.record({
    score: fc.integer({min: 0, max: 12}).map(x => x / 12),
    label: fc.integer({min: 0, max: 1}),
    weight: fc.integer({min: 1, max: 4}),
  }),
  {minLength: 1, maxLength: 25},
);
const columns = (all: readonly {score: number; label: number; weight: number}[]) =>
  [all.map(r => r.score), all.map(r => r.label), all.map(r => r.weight)] as const;

test('at each score it is the min-max of means (Barlow et al., 1972), whatever the rows', () => {
  fc.assert(
    fc.property(rows, all => {
      const [scores, labels, weights] = columns(all);
      const fit = fitIsotonic(scores, labels, weights);
      const distinct = [...new Set(scores)].sort((a, b) => a - b);
      const mean = (from: number, to: number): number => {
        const own = all.filter(({score}) => score >= from && score <= to);
        const weight = own.reduce((sum, r) => sum + r.weight, 0);
        return own.reduce((sum, r) => sum + r.weight * r.label, 0) / weight;
      };
      const expected = distinct.map(at =>
        Math.max(
          ...distinct.filter(a => a <= at).map(a => Math.min(...distinct.filter(b => b >= at).map(b => mean(a, b)))),
        ),
      );
      const values = applyIsotonic(fit, distinct);
      expected.forEach((value, i) => {
        expect(values[i]).toBeCloseTo(value, 12);
      });
    }),
    {numRuns: 150, seed: 5},
  );
});

test('between its knots it rises evenly, beyond them it is constant', () => {
  const fit = fitIsotonic([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1]);
  expect(fit).toEqual({scores: [0.2, 0.4, 0.6, 0.8], values: [0, 0.5, 0.5, 1]});
  expect([...applyIsotonic(fit, [0, 0.3, 0.5, 0.7, 1])].map(x => +x.toFixed(12))).toEqual([0, 0.25, 0.5, 0.75, 1]);
});

test('of one score it is constant; of rows without weight there is nothing', () => {
  expect([...applyIsotonic(fitIsotonic([0.3, 0.3], [0, 1]), [0, 0.3, 1])]).toEqual([0.5, 0.5, 0.5]);
  expect(fitIsotonic([0.3], [1], [0])).toEqual({scores: [], values: []});
});
