/** One bad window is weather, k of n are climate: how readings of windows become the state of an alert. */

import type {Persistence} from '../policy/monitor-policy.ts';

/**
 * What one window says about one rule: `bad` beyond the threshold and beyond chance; `good` better than
 * the threshold by the margin of hysteresis; `between` neither; `nothing` when it could not tell.
 */
export type Reading = 'bad' | 'good' | 'between' | 'nothing';

/** `firing`: an alert opens unless one is open. `clear`: an open one resolves. `unchanged`: neither. */
export type AlertState = 'firing' | 'clear' | 'unchanged';

/** From the readings of the last n windows, the newest last: k bad ones fire, k good ones clear, if the newest agrees. */
export function stateOf(readings: readonly Reading[], {k, n}: Persistence): AlertState {
  const recent = readings.slice(-n);
  const newest = recent.at(-1);
  if (newest === 'bad' && countOf('bad', recent) >= k) return 'firing';
  if (newest === 'good' && countOf('good', recent) >= k) return 'clear';
  return 'unchanged';
}

export function countOf(reading: Reading, readings: readonly Reading[]): number {
  return readings.filter(one => one === reading).length;
}
