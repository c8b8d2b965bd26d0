import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {RateLimit} from '../protocol/index.ts';
import {fullBucket, isFull, takeToken} from './token-bucket.ts';

/** Every request by simulating each millisecond since the start, in whole thousandths. */
function simulated({perSecond, burst}: RateLimit, times: readonly number[]): boolean[] {
  const allowed: boolean[] = [];
  let level = burst * 1_000;
  let request = 0;
  for (let ms = 0; request < times.length; ms++) {
    for (; times[request] === ms; request++) {
      const has = level >= 1_000;
      if (has) level -= 1_000;
      allowed.push(has);
    }
    level = Math.min(burst * 1_000, level + perSecond);
  }
  return allowed;
}

const gaps = fc.array(fc.integer({min: 0, max: 400}), {minLength: 1, maxLength: 60});
const rates = fc.record({perSecond: fc.integer({min: 1, max: 2_000}), burst: fc.integer({min: 1, max: 20})});

describe('a token bucket', () => {
  test('allows exactly what a simulation of every millisecond allows', () => {
    fc.assert(
      fc.property(rates, gaps, (rate, steps) => {
        let now = 0;
        const times = steps.map(step => (now += step));
        const bucket = fullBucket(rate, 0);
        expect(times.map(time => takeToken(bucket, rate, time) === 0)).toEqual(simulated(rate, times));
      }),
      {seed: 4, numRuns: 300},
    );
  });

  test('says how long to wait: then there is a token, and just before there is none', () => {
    fc.assert(
      fc.property(rates, gaps, (rate, steps) => {
        const bucket = fullBucket(rate, 0);
        let now = 0;
        for (const step of steps) {
          now += step;
          const wait = takeToken(bucket, rate, now);
          if (wait === 0) continue;
          if (wait > 0.01) expect(takeToken({...bucket}, rate, now + wait - 0.01)).toBeGreaterThan(0);
          expect(takeToken({...bucket}, rate, now + wait + 1e-6)).toBe(0);
        }
      }),
      {seed: 4, numRuns: 200},
    );
  });

  test('gives back nothing when the clock stands still or is asked about the past', () => {
    const rate = {perSecond: 1, burst: 1};
    const bucket = fullBucket(rate, 1_000);
    expect(takeToken(bucket, rate, 1_000)).toBe(0);
    expect(takeToken(bucket, rate, 0)).toBe(1_000);
    expect(takeToken(bucket, rate, 1_000)).toBe(1_000);
    expect(isFull(bucket, rate, 1_999)).toBe(false);
    expect(isFull(bucket, rate, 2_000)).toBe(true);
  });
});
