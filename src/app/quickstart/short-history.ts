import type {RetrainPolicy} from '../../continual/index.ts';
import {formatDuration} from '../../protocol/index.ts';

const HOUR_MS = 3_600_000;
/** The calendar trigger fires at the latest after this share of the replay. */
const SHARE = 1 / 3;

/**
 * A retrain policy for a history shorter than it was written for: the calendar trigger and the cooldown shrink
 * in proportion, so that a prefix of the data shows the whole loop too. Says so in words, or null if nothing changed.
 */
export function forShortHistory(
  policy: RetrainPolicy,
  spanMs: number,
): {readonly policy: RetrainPolicy; readonly note: string | null} {
  const {atLatestMs, cooldownMs} = policy;
  if (atLatestMs === null || spanMs * SHARE >= atLatestMs) return {policy, note: null};
  const latest = Math.max(HOUR_MS, Math.floor((spanMs * SHARE) / HOUR_MS) * HOUR_MS);
  const cooldown = Math.floor((cooldownMs * latest) / atLatestMs / HOUR_MS) * HOUR_MS;
  return {
    policy: Object.freeze({...policy, atLatestMs: latest, cooldownMs: cooldown}),
    note: `The replay spans ${formatDuration(spanMs)} only: it retrains after ${formatDuration(latest)} at the latest instead of ${formatDuration(atLatestMs)}, with a cooldown of ${formatDuration(cooldown)} instead of ${formatDuration(cooldownMs)}.`,
  };
}
