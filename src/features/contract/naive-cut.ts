// The time as of which a view with cuts is read, obviously: the last multiple of its refresh that is old enough.
import type {ViewUse} from '../definitions/feature-set.ts';

export function naiveCut({refresh}: Pick<ViewUse, 'refresh'>, q: number): number {
  if (refresh === undefined) return q;
  const {everyMs, delayMs} = refresh;
  return q - delayMs - ((q - delayMs) % everyMs);
}
