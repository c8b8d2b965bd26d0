import {expect, test} from 'vitest';
import {LatencyEstimate} from './latency-estimate.ts';

test('expects nothing at first, then the mean and four deviations, as RFC 6298 smooths them', () => {
  const latency = new LatencyEstimate(1_000);
  expect(latency.expected(0)).toBe(0);
  latency.took(10, 0);
  expect(latency.expected(0)).toBe(10 + 4 * 5);
  latency.took(18, 0);
  // Deviation 5 + (|18 - 10| - 5) / 4, mean 10 + (18 - 10) / 8.
  expect(latency.expected(0)).toBe(11 + 4 * 5.75);
});

test('halves ten times while it grows stale, and is forgotten then', () => {
  const latency = new LatencyEstimate(1_000);
  latency.took(10, 0);
  expect([100, 200, 1_000].map(now => latency.expected(now))).toEqual([15, 7.5, 30 / 1_024]);
  expect(latency.expected(1_001)).toBe(0);
});

test('one slow call does little; many are believed, and fast ones again', () => {
  const latency = new LatencyEstimate(10_000);
  for (let now = 0; now < 100; now++) latency.took(0.1, now);
  latency.took(60, 160);
  expect(latency.expected(160)).toBeLessThan(2);
  for (let now = 160; now < 1_000; now += 60) latency.took(60, now);
  expect(latency.expected(1_000)).toBeGreaterThan(50);
  for (let now = 1_000; now < 1_040; now++) latency.took(0.1, now);
  expect(latency.expected(1_040)).toBeLessThan(5);
});
