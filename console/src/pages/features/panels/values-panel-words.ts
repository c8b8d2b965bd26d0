/** What an answer says, in words. */
import {formatDuration, type TypeName, type Value, type ViewFreshness, type WhyAnswer} from 'millrace/protocol';
import {count, plural, significant} from '../../../format/numbers.ts';
import type {Times} from '../../../format/times.ts';

/** `3 min before`; `at the same moment`. */
export const before = (time: number, at: number): string =>
  time === at
    ? 'at the same moment'
    : time < at
      ? `${formatDuration(at - time)} before`
      : `${formatDuration(time - at)} after`;

/** Three significant digits; `exact` tells the rest where there is one. */
export function shownValue(value: Value, type: TypeName, times: Times): {text: string; exact: string | null} {
  if (value === null) return {text: 'null', exact: null};
  if (type === 'bool') return {text: String(value === 1 || value === true), exact: null};
  if (type === 'time' && typeof value === 'number')
    return {text: times.second(value), exact: new Date(value).toISOString()};
  if (typeof value !== 'number') return {text: value === '' ? 'an empty text' : String(value), exact: null};
  const whole = Number.isInteger(value);
  return {
    text: whole ? count(value) : significant(value),
    exact: whole || value === Number(value.toPrecision(3)) ? null : String(value),
  };
}

/** `Latest event 3 min before; the live state is 0 events behind.` */
export function freshnessWords(views: readonly ViewFreshness[], at: number): string {
  const [first] = views;
  if (!first) return 'Known from the request and the time alone: it does not age.';
  const latest = views.map(({view, latestEvent: [time], cut, stale}) => {
    const words =
      cut !== undefined
        ? `as of its cut ${before(cut, at)}${stale ? ', which is stale' : ''}`
        : time === null || time === undefined
          ? 'no event of it is kept'
          : `latest event ${before(time, at)}`;
    return views.length === 1 ? capital(words) : `${view}: ${words}`;
  });
  if (views.every(({cut}) => cut !== undefined)) return `${latest.join(', ')}.`;
  const behind = Math.max(...views.map(view => view.behind));
  return `${latest.join(', ')}; the live state is ${plural(behind, 'event')} behind.`;
}

/** Of a time of the past: how old the newest event was then. */
export function pastWords({window, at}: WhyAnswer): string {
  const newest = window?.events[0]?.time;
  const words = newest === undefined ? '' : `Latest event ${before(newest, at)}. `;
  return `${words}${window === null ? 'Computed for that moment.' : 'Events that arrived later do not count.'}`;
}

/** The answer to the chart's question: `3 events in the window, 1 gave nothing`. */
export function eventsWords({count: all, events}: NonNullable<WhyAnswer['window']>): string {
  if (all === 0) return 'No event in the window';
  const nothing = events.filter(event => event.input === null).length;
  const idle = nothing === events.length ? 'none gave anything' : `${count(nothing)} gave nothing`;
  const start = `${plural(all, 'event')} in the window`;
  if (events.length < all) return `${start}; of the newest ${count(events.length)}, ${idle}`;
  return nothing === 0 ? start : `${start}, ${idle}`;
}

/** Whether two executions of one definition agree: sums of floats may differ in the last digits. The log has 1 for true. */
export function agrees(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return false;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
