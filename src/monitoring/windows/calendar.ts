/** Where windows begin and end: by the clocks of a zone, so that a day is a day to the people who live there. */

import {type Zone, zoneOf} from '../../features/index.ts';

/** A stretch of time `[from, to)` (UTC ms). */
export type Span = {readonly from: number; readonly to: number};

/** The part of a policy that says where windows lie. */
export type Calendar = {
  readonly windowMs: number;
  /** IANA zone. */
  readonly zone: string;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** The Unix epoch was a Thursday; weeks begin on the Monday before. */
const FIRST_MONDAY = -3 * DAY;
/** Samoa and Kwajalein left out a day each. */
const LARGEST_CHANGE = DAY;

/**
 * The window that holds `at`.
 *
 * - Lengths that divide a day follow the clocks from local midnight: on a day of 23 or 25 hours the window in which the
 *   clocks change is shorter or longer. Windows of an hour or less are always that long; of the hour that is shown twice
 *   there are two.
 * - Whole days begin at local midnight, be they of 23, 24 or 25 hours (where the clocks skip midnight, when it would have
 *   been); days by the dozen count from 1970, weeks begin on Monday.
 * - Any other length counts from the Unix epoch in UTC, whatever the zone.
 */
export function windowOf(at: number, {windowMs, zone}: Calendar): Span {
  const origin = windowMs % WEEK === 0 ? FIRST_MONDAY : 0;
  if (zone === 'UTC' || (DAY % windowMs !== 0 && windowMs % DAY !== 0)) {
    const from = floorTo(at, windowMs, origin);
    return {from, to: from + windowMs};
  }
  return localWindow(at, windowMs, origin, zoneOf(zone));
}

/**
 * The windows at the same time of the week, by the clocks of the zone, in so many weeks before: the newest first. Of
 * windows that are no whole part of a week, those that hold that time.
 */
export function seasonalSpans({from, to}: Span, calendar: Calendar, weeks: number): Span[] {
  const zone = zoneOf(calendar.zone);
  const middle = zone.local(from + (to - from) / 2);
  const step = Math.max(1, Math.ceil(calendar.windowMs / WEEK));
  return Array.from({length: weeks}, (_, w) => windowOf(zone.firstInstant(middle - (w + 1) * step * WEEK), calendar));
}

/** The bounds around `at` among all instants at which the clocks show a whole number of windows. */
function localWindow(at: number, windowMs: number, origin: number, zone: Zone): Span {
  const local = zone.local(at);
  const first = floorTo(local - LARGEST_CHANGE, windowMs, origin);
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let shown = first; shown <= local + windowMs + LARGEST_CHANGE; shown += windowMs) {
    for (const bound of windowMs <= HOUR ? zone.instants(shown) : [zone.firstInstant(shown)]) {
      if (bound <= at && bound > from) from = bound;
      if (bound > at && bound < to) to = bound;
    }
  }
  return {from, to};
}

const floorTo = (time: number, step: number, origin: number): number =>
  Math.floor((time - origin) / step) * step + origin;
