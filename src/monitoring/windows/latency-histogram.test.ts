import {expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {LatencyHistogram} from './latency-histogram.ts';

test('quantiles are within 3.2 % of the exact ones, from microseconds to minutes', () => {
  const random = seededRandom(4);
  const latencies = Array.from({length: 20_000}, () => Math.exp(random() * 18));
  const histogram = new LatencyHistogram();
  for (const latency of latencies) histogram.record(latency);
  const sorted = latencies.sort((a, b) => a - b);
  for (const q of [0.01, 0.5, 0.9, 0.99, 1]) {
    const exact = sorted[Math.ceil(q * sorted.length) - 1]!;
    expect(Math.abs(histogram.quantile(q)! / exact - 1)).toBeLessThan(0.032);
  }
});

test('what lies outside the scale is counted in its first and last bucket', () => {
  const histogram = new LatencyHistogram();
  for (const latency of [0, 0.3, 1, 2 ** 40]) histogram.record(latency);
  expect(histogram.quantile(0.5)).toBeCloseTo(1.03, 2);
  expect(histogram.quantile(1)).toBeGreaterThan(2 ** 31);
});

test('nothing recorded has no quantile', () => {
  expect(new LatencyHistogram().quantile(0.5)).toBeNull();
});

test('two are together what one would have recorded', () => {
  const [all, some, others] = [new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram()];
  for (let i = 0; i < 500; i++) {
    all.record(i * i);
    (i % 3 === 0 ? some : others).record(i * i);
  }
  some.add(others);
  expect(some.counts).toEqual(all.counts);
});
