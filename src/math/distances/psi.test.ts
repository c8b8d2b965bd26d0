import {expect, test} from 'vitest';
import {seededRandom} from '../random.ts';
import {psi} from './psi.ts';

const reference = [120, 300, 250, 180, 100, 50];
const current = [80, 250, 300, 260, 60, 50];

test('psi is the sum of (c - r) ln(c / r) over shares, half a row added to each bin', () => {
  // numpy 2.4.6: p = (ref+.5)/(ref+.5).sum(), q likewise, ((q-p)*np.log(q/p)).sum()
  const {psi: index, debiased} = psi(reference, current);
  expect(index).toBeCloseTo(0.08373372607917672, 13);
  expect(debiased).toBeCloseTo(0.08373372607917672 - 5 * (2 / 1000), 13);
});

test('psi is finite when a bin is new, ignores bins that both lack, and is NaN without rows', () => {
  expect(psi([100, 0], [50, 50]).psi).toBeGreaterThan(1);
  expect(psi([100, 0], [50, 50]).psi).toBeLessThan(10);
  expect(psi([0, 30, 40], [0, 20, 50])).toEqual(psi([30, 40], [20, 50]));
  expect(psi([1, 2], [0, 0]).psi).toBeNaN();
  expect(psi(reference, reference)).toEqual({psi: 0, debiased: 0});
});

test('without drift the mean of psi is what the correction subtracts', () => {
  const random = seededRandom(1);
  let sum = 0;
  for (let repeat = 0; repeat < 2000; repeat++) {
    const counts = [new Array<number>(10).fill(0), new Array<number>(10).fill(0)] as const;
    for (let i = 0; i < 500; i++) counts[0][Math.floor(random() * 10)]! += 1;
    for (let i = 0; i < 300; i++) counts[1][Math.floor(random() * 10)]! += 1;
    sum += psi(counts[0], counts[1]).psi;
  }
  const expected = 9 * (1 / 500 + 1 / 300);
  expect(Math.abs(sum / 2000 / expected - 1)).toBeLessThan(0.05);
});

test('unequal bins and negative counts are refused', () => {
  expect(() => psi([1, 2], [1])).toThrow('both sides must have the same bins, got 2 and 1');
  expect(() => psi([1, -2], [1, 1])).toThrow('a count must be 0 or more, got -2 and 1 in bin 1');
});
