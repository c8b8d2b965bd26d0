/** Figures and stretches of time as alerts print them. */

import type {MonitorWindow} from '../../protocol/index.ts';

const DAY_MS = 86_400_000;

/** `1 April 2001` for a whole day, `1 April 06:00 to 12:00` within one, `1 April to 7 April` (both included) for days. UTC. */
export function windowWords({from, to}: Pick<MonitorWindow, 'from' | 'to'>): string {
  const wholeDays = from % DAY_MS === 0 && to % DAY_MS === 0;
  if (wholeDays && to - from === DAY_MS) return `${dayWords(from)} ${new Date(from).getUTCFullYear()}`;
  if (wholeDays) return `${dayWords(from)} to ${dayWords(to - 1)}`;
  const sameDay = Math.floor(from / DAY_MS) === Math.floor(to / DAY_MS);
  return `${dayWords(from)} ${clock(from)} to ${sameDay ? '' : `${dayWords(to)} `}${clock(to)}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function dayWords(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);

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
