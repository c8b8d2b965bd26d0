/** When people are told of an incident: grouped and repeated as Alertmanager does, by the clock passed in. */

import type {Delivery, Incident} from '../../protocol/index.ts';

export type NoticeTiming = {
  /** After an incident opens or turns into a page, for what belongs to it to come. */
  readonly waitMs: number;
  /** Between two notices of an incident, at least. */
  readonly intervalMs: number;
  /** A page that nobody has acknowledged is told again after so long; tickets are not. */
  readonly repeatMs: number;
};

export const NOTICE_TIMING: NoticeTiming = Object.freeze({
  waitMs: 30_000,
  intervalMs: 300_000,
  repeatMs: 4 * 3_600_000,
});

/** What people were told of an incident last. */
export type Told = {
  readonly at: number;
  readonly event: NoticeEvent;
  readonly severity: Incident['severity'];
  /** Alerts that spoke then. */
  readonly alerts: readonly string[];
  /** All that were told since it opened: they are told of its end. */
  readonly channels: readonly string[];
};

export type NoticeEvent = Exclude<Delivery['event'], 'test'>;

/**
 * The notice that is due at `now`; null if none is. Nothing is said of what is silenced, nor of what was over before
 * anybody was told. `speaking`: ids of alerts that are open and not inhibited.
 */
export function dueNotice(
  incident: Incident,
  speaking: readonly string[],
  told: Told | null,
  now: number,
  {waitMs, intervalMs, repeatMs}: NoticeTiming = NOTICE_TIMING,
): NoticeEvent | null {
  const {openedAt, updatedAt, resolvedAt, silencedBy, severity, acknowledgedBy} = incident;
  const reached = (time: number): boolean => now >= time;
  if (resolvedAt !== null) {
    if (told === null || told.event === 'resolved' || silencedBy !== null) return null;
    return reached(Math.max(told.at + intervalMs, resolvedAt + waitMs)) ? 'resolved' : null;
  }
  if (silencedBy !== null || speaking.length === 0) return null;
  if (told === null) return reached(openedAt + waitMs) ? 'opened' : null;
  const isNew = speaking.some(id => !told.alerts.includes(id));
  if (told.event === 'resolved') return reached(told.at + intervalMs) ? 'opened' : null;
  if (severity === 'page' && told.severity === 'ticket')
    return reached(Math.min(updatedAt + waitMs, told.at + intervalMs)) ? 'updated' : null;
  if (isNew) return reached(told.at + intervalMs) ? 'updated' : null;
  // What nobody was told is not told again either.
  const repeats = severity === 'page' && acknowledgedBy === null && told.channels.length > 0;
  return repeats && reached(told.at + repeatMs) ? 'updated' : null;
}
