import {cutAt, type Refresh} from '../definitions/refresh.ts';

/**
 * When the values of a cut begin to be computed: half of the delay after it. By then what was under way has come in, and
 * the other half is left for the work.
 */
export const startOf = ({delayMs}: Refresh, cut: number): number => cut + Math.floor(delayMs / 2);

/** The newest cut whose values may be computed at `now`. */
export const newestCut = ({everyMs, delayMs}: Refresh, now: number): number =>
  Math.floor((now - Math.floor(delayMs / 2)) / everyMs) * everyMs;

/** The cuts that should stand at `now`, in their order: the one that is read, and those that will be. */
export function cutsWanted(refresh: Refresh, now: number): number[] {
  const cuts: number[] = [];
  const newest = newestCut(refresh, now);
  for (let cut = cutAt(refresh, now); cut <= newest; cut += refresh.everyMs) cuts.push(cut);
  return cuts;
}

/** The oldest cut that may still be read at `now`: the one before, by a request that took its time a moment ago. */
export const oldestKept = (refresh: Refresh, now: number): number => cutAt(refresh, now) - refresh.everyMs;
