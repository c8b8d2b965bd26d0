/** How many predictions a window usually has: nights and weekends are no drops. */

import {zoneOf} from '../../features/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';
import {type Calendar, seasonalSpans} from '../windows/calendar.ts';

export type UsualVolume = {
  readonly predictions: number;
  /** Whether it is of windows at the same time of the week. */
  readonly ofSeason: boolean;
};

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** Weeks that are looked back on. */
export const USUAL_WEEKS = 4;
/** Until those tell, at most so many windows of the same kind. */
const OF_A_KIND = 14;
const FEWEST = 3;

/**
 * The median of the windows at the same time of the week in four weeks before; where there are fewer than three, of the
 * last windows at the same time of day that lie in the week, or at the weekend, as this one; null where those are too
 * few as well. `windows` are in the order of time.
 */
export function usualVolume(
  windows: readonly MonitorWindow[],
  window: MonitorWindow,
  calendar: Calendar,
): UsualVolume | null {
  const before = windows.filter(({from}) => from < window.from);
  const byStart = new Map(before.map(({from, predictions}) => [from, predictions]));
  const season = seasonalSpans(window, calendar, USUAL_WEEKS).flatMap(({from}) => byStart.get(from) ?? []);
  if (season.length >= FEWEST) return {predictions: medianOf(season), ofSeason: true};
  const kind = kindOf(window, calendar);
  const alike = before.filter(other => kind !== null && kindOf(other, calendar) === kind).slice(-OF_A_KIND);
  if (alike.length < FEWEST) return null;
  return {predictions: medianOf(alike.map(({predictions}) => predictions)), ofSeason: false};
}

/** Null for windows of which each holds other days: those of more than a day and less than a week. */
function kindOf({from, to}: MonitorWindow, {windowMs, zone}: Calendar): string | null {
  if (windowMs >= WEEK) return 'weeks';
  if (windowMs > DAY) return null;
  const middle = zoneOf(zone).local(from + (to - from) / 2);
  const weekday = new Date(middle).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return `${isWeekend} ${Math.floor((middle % DAY) / windowMs)}`;
}

const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
