import {expect, test} from 'vitest';
import {meanInterval, wilsonInterval} from './intervals.ts';

test('wilsonInterval equals statsmodels.stats.proportion.proportion_confint(method="wilson")', () => {
  // statsmodels 0.15.0
  const golden: [number, number, number, number][] = [
    [0, 10, 0, 0.27753279986288926],
    [3, 10, 0.10779126740630104, 0.6032218525388546],
    [170, 1000, 0.1479915956385524, 0.19453406496191405],
    [1000, 1000, 0.996173241514445, 1],
  ];
  for (const [successes, count, low, high] of golden) {
    const interval = wilsonInterval(successes, count);
    expect(interval.estimate).toBe(successes / count);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  }
});

test('meanInterval equals scipy.stats.t.interval around the mean', () => {
  // scipy 1.17.1 on 2.1, 3.4, 1.9, 5.6, 4.4, 3.3: t.interval(.95, 5, mean, sem)
  const interval = meanInterval({count: 6, mean: 3.45, m2: 9.775});
  expect(interval.low).toBeCloseTo(1.9826652930346758, 11);
  expect(interval.high).toBeCloseTo(4.917334706965324, 11);
});
