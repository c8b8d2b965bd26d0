// Pauses between attempts to reach a server that has gone away.

export type Backoff = {
  /** Longest pause before the second attempt (ms). */
  readonly firstMs: number;
  /** Longest pause at all (ms). */
  readonly longestMs: number;
};

/**
 * The pause after failure number `attempt` (0, 1, ...): half of a limit that doubles, and a random part of the other
 * half, so that many who lost the same server do not come back at one moment ("equal jitter": M. Brooker, "Exponential
 * Backoff And Jitter", 2015). `random` is uniform on [0, 1).
 */
export function backoffMs({firstMs, longestMs}: Backoff, attempt: number, random: () => number): number {
  const limit = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));
  return limit / 2 + (limit / 2) * random();
}
