import {quantile} from '../../math/index.ts';
import type {MonitorWindow, Shift} from '../../protocol/index.ts';
import {risingChance} from './trend-test.ts';

/** How far a window is from the reference: an effect in units that grow evenly with the shift, such as √PSI. */
export type ShiftPoint = Pick<MonitorWindow, 'from' | 'to'> & {readonly value: number};

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Windows before the shift that tell how it began. */
const BEFORE = 14;
const LEAST_BEFORE = 3;
/** Share of the rise that one or two windows take if it was sudden. */
const AT_ONCE = 2 / 3;
const TREND_ALPHA = 0.05;
const STEADY_ALPHA = 0.02;

/**
 * How a shift came, from the windows up to the one that is judged (oldest first) and the index of the first that shows
 * it. In this order:
 *
 * 1. `seasonal`: the windows one and two weeks before (days, for windows below a day) were as far away, at least 0.7 of
 *    this one, while the median of the others since is not half as far.
 * 2. `unclear`: fewer than three windows before it are known.
 * 3. `sudden`: two windows in a row took two thirds or more of the rise from the lower quartile of the fourteen windows before
 *    to the median since, and those before did not rise already (the test of 4 at 2 %).
 * 4. `gradual`: from those windows on, values rise with the time (Mann, 1945; Kendall, 1948; one-sided at 5 %).
 * 5. `unclear` otherwise.
 */
export function shiftPattern(points: readonly ShiftPoint[], onset: number): Shift['pattern'] {
  if (isSeasonal(points)) return 'seasonal';
  const start = Math.max(0, onset - BEFORE);
  if (onset - start < LEAST_BEFORE) return 'unclear';
  const values = points.slice(start).map(({value}) => value);
  const at = onset - start;
  const base = quantile(values.slice(0, at), 0.25);
  const rise = quantile(values.slice(at), 0.5) - base;
  const steps = [values[at]! - values[at - 1]!, values[at]! - values[at - 2]!];
  if (at + 1 < values.length) steps.push(values[at + 1]! - values[at - 1]!);
  const rose = risingChance(values.slice(0, at - 1)) <= STEADY_ALPHA;
  if (!rose && rise > 0 && Math.max(...steps) >= AT_ONCE * rise) return 'sudden';
  return risingChance(values) <= TREND_ALPHA ? 'gradual' : 'unclear';
}

function isSeasonal(points: readonly ShiftPoint[]): boolean {
  const {from, to, value} = points.at(-1)!;
  const length = to - from;
  const period = length < DAY ? DAY : WEEK;
  if (length >= period) return false;
  // Half a window of tolerance, because the clocks change twice a year.
  const isAt = (point: ShiftPoint, periods: number): boolean =>
    Math.abs(from - periods * period - point.from) < length / 2;
  const earlier = [1, 2].map(periods => points.find(point => isAt(point, periods)));
  if (!earlier.every(point => point !== undefined && point.value >= 0.7 * value)) return false;
  const others = points.filter(
    point => point.from > from - 2 * period && ![0, 1, 2].some(periods => isAt(point, periods)),
  );
  const usual = quantile(
    others.map(point => point.value),
    0.5,
  );
  return others.length >= 2 && usual < value / 2;
}
