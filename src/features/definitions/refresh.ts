import {type Duration, durationMs, formatDuration, MillraceError} from '../../protocol/index.ts';

/** How a view is read that is computed now and then instead of being live. Whole milliseconds. */
export type Refresh = {
  /** From one cut to the next; cuts lie at multiples of it since the Unix epoch (UTC). */
  readonly everyMs: number;
  /** So long after its cut a value is used: the time that there is to compute it. */
  readonly delayMs: number;
};

export type RefreshOptions = {
  /** From one cut to the next: `1d` are days of UTC. */
  readonly refresh: Duration;
  /** So long after its cut a value is used; none unless given. Give more than the computation takes, twice. */
  readonly delay?: Duration;
};

/** Cuts between which a value may lie: so many sets of values are kept, and computed anew after a long stop. */
const MOST_CUTS_OF_DELAY = 100;

/** Throws DEFINITION_INVALID. */
export function refreshOf({refresh, delay = '0ms'}: RefreshOptions): Refresh {
  const [everyMs, delayMs] = [durationMs(refresh), durationMs(delay)];
  const refused = (message: string, fix: string) => new MillraceError('DEFINITION_INVALID', message, {fix});
  if (!Number.isInteger(everyMs) || everyMs < 1)
    throw refused(`A refresh every ${refresh} is not possible.`, 'Use a whole number of milliseconds above 0.');
  if (!Number.isInteger(delayMs))
    throw refused(`A delay of ${delay} is not possible.`, 'Use a whole number of milliseconds.');
  if (delayMs > MOST_CUTS_OF_DELAY * everyMs)
    throw refused(
      `A delay of ${delay} is more than ${MOST_CUTS_OF_DELAY} times the refresh of ${refresh}.`,
      'Use a shorter delay, or refresh less often.',
    );
  return Object.freeze({everyMs, delayMs});
}

/** The last cut that is available at `q` (UTC ms). */
export const cutAt = ({everyMs, delayMs}: Refresh, q: number): number => Math.floor((q - delayMs) / everyMs) * everyMs;

/** The same in SQL, of an expression for `q`; in every dialect. */
export const cutSql = ({everyMs, delayMs}: Refresh, q: string): string =>
  `CAST(floor((${q} - ${delayMs}) / ${everyMs}) AS BIGINT) * ${everyMs}`;

/** The time as of which a view is read for a row: its query time, or the last cut before. */
export const asOf = ({refresh}: {readonly refresh?: Refresh}, q: number): number =>
  refresh === undefined ? q : cutAt(refresh, q);

/** The same in SQL. */
export const asOfSql = ({refresh}: {readonly refresh?: Refresh}, q: string): string =>
  refresh === undefined ? q : cutSql(refresh, q);

/** How far before a row the cut may lie that it reads (ms). */
export const cutReach = ({refresh}: {readonly refresh?: Refresh}): number =>
  refresh === undefined ? 0 : refresh.everyMs + refresh.delayMs;

/** In words: `as of the last cut of 1 d, available 1 h later`. */
export const describeRefresh = ({everyMs, delayMs}: Refresh): string =>
  `as of the last cut of ${formatDuration(everyMs)}${delayMs === 0 ? '' : `, available ${formatDuration(delayMs)} later`}`;
