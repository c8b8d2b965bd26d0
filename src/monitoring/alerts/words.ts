/** Figures and stretches of time as alerts print them. */

import {zoneOf} from '../../features/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';

const DAY_MS = 86_400_000;

/**
 * `1 April 2001` for a whole day, `1 April 06:00 to 12:00 UTC` within one, `1 April to 7 April` (both included) for days:
 * by the clocks of an IANA zone, which is named with times.
 */
export function windowWords({from, to}: Pick<MonitorWindow, 'from' | 'to'>, zone = 'UTC'): string {
  const clocks = zoneOf(zone);
  const [first, end] = [clocks.local(from), clocks.local(to)];
  const wholeDays = first % DAY_MS === 0 && end % DAY_MS === 0;
  if (wholeDays && end - first === DAY_MS) return `${dayWords(first)} ${new Date(first).getUTCFullYear()}`;
  if (wholeDays) return `${dayWords(first)} to ${dayWords(end - 1)}`;
  const sameDay = Math.floor(first / DAY_MS) === Math.floor(end / DAY_MS);
  const where = zone === 'UTC' ? 'UTC' : `(${zone})`;
  return `${dayWords(first)} ${clock(first)} to ${sameDay ? '' : `${dayWords(end)} `}${clock(end)} ${where}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Of what the clocks show, as are `clock`'s. */
function dayWords(shown: number): string {
  const date = new Date(shown);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

const clock = (shown: number): string => new Date(shown).toISOString().slice(11, 16);

/** Three significant digits, never in exponents: `0.741`, `1.25`, `18 400`. */
export function figure(value: number): string {
  if (value === 0 || Math.abs(value) >= 1_000) return wholeNumber(value);
  return String(Number(value.toPrecision(3)));
}

/** Thousands apart by thin spaces. */
export const wholeNumber = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009');

export const percent = (share: number): string => `${figure(share * 100)} %`;

/** A list as people write it: `a`, `a and b`, `a, b and c`. */
export function listWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
