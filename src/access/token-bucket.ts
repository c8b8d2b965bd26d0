// A token bucket: https://en.wikipedia.org/wiki/Token_bucket. Counted in thousandths of a token, so that whole rates
// and whole milliseconds are exact.
import type {RateLimit} from '../protocol/index.ts';

/** `level`: thousandths of a token at the time `at` (monotonic ms). */
export type TokenBucket = {level: number; at: number};

const TOKEN = 1_000;

export const fullBucket = ({burst}: RateLimit, now: number): TokenBucket => ({level: burst * TOKEN, at: now});

/** Takes one token, and answers 0; or takes none, and answers how many ms it takes until there is one. */
export function takeToken(bucket: TokenBucket, rate: RateLimit, now: number): number {
  const level = levelAt(bucket, rate, now);
  bucket.at = Math.max(bucket.at, now);
  bucket.level = level >= TOKEN ? level - TOKEN : level;
  return level >= TOKEN ? 0 : (TOKEN - level) / rate.perSecond;
}

/** Whether it would make no difference to throw the bucket away. */
export const isFull = (bucket: TokenBucket, rate: RateLimit, now: number): boolean =>
  levelAt(bucket, rate, now) >= rate.burst * TOKEN;

const levelAt = ({level, at}: TokenBucket, {perSecond, burst}: RateLimit, now: number): number =>
  Math.min(burst * TOKEN, level + Math.max(0, now - at) * perSecond);
