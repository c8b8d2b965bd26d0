import {expect, test} from 'vitest';
import {LatencyEstimate} from './latency-estimate.ts';

test('expects nothing at first, then the mean and four deviations, as RFC 6298 smooths them', () => {
  const latency = new LatencyEstimate(1_000);
  expect(latency.expected(0)).toBe(0);
  latency.took(10, 0);
  expect(latency.expected(1)).toBe(10 + 4 * 5);
  latency.took(18, 2);
  // Deviation 5 + (|18 - 10| - 5) / 4, mean 10 + (18 - 10) / 8.
  expect(latency.expected(3)).toBe(11 + 4 * 5.75);
  expect(latency.expected(1_003)).toBe(0);
});
