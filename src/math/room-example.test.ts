import {expect, test} from 'vitest';
import {psi} from './distances/psi.ts';
import {histogram} from './histogram/histogram.ts';
import {quantileEdges} from './histogram/quantile-edges.ts';
import {seededRandom} from './random.ts';
import {chiSquareTest} from './tests/chi-square-test.ts';

test('the example of the room page sees drift where there is some, and none where there is none', () => {
  const moved = (power: number): boolean => {
    const random = seededRandom(7);
    const training = Float64Array.from({length: 5000}, random);
    const live = Float64Array.from({length: 500}, () => random() ** power);
    const edges = quantileEdges(training, 10);
    const before = histogram(training, edges).counts;
    const after = histogram(live, edges).counts;
    return psi(before, after).debiased > 0.05 && chiSquareTest(before, after).pValue < 0.001;
  };
  expect(moved(1.6)).toBe(true);
  expect(moved(1)).toBe(false);
});
