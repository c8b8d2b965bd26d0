/** Which silence keeps an incident quiet. */

import type {Alert, Incident, Silence} from '../../protocol/index.ts';

/** Whether it is in force: from its start until just before its end. */
export const isActive = ({from, to}: Silence, now: number): boolean => from <= now && now < to;

/**
 * The silence in force that matches all alerts that would be told of, or the first of several that do so together; null
 * if one of them would be told of.
 */
export function silenceOf(
  incident: Pick<Incident, 'model' | 'cause'>,
  speaking: readonly Pick<Alert, 'kind' | 'subject'>[],
  silences: readonly Silence[],
  now: number,
): Silence | null {
  const active = silences.filter(silence => isActive(silence, now));
  const by = speaking.map(alert => active.find(({matches}) => isMatch(matches, incident, alert)));
  return by.every(silence => silence !== undefined) ? (by[0] ?? null) : null;
}

/** All that are given must match. A cause is matched as its name, or as `source:orders`. */
export function isMatch(
  {model, kind, subject, cause}: Silence['matches'],
  incident: Pick<Incident, 'model' | 'cause'>,
  alert: Pick<Alert, 'kind' | 'subject'>,
): boolean {
  const {name, kind: of} = incident.cause;
  return (
    fits(model, incident.model) &&
    fits(kind, alert.kind) &&
    fits(subject, alert.subject) &&
    (fits(cause, name) || fits(cause, `${of}:${name}`))
  );
}

/** `*` stands for any characters; undefined fits everything. No expression is built from the pattern, so none can be slow. */
export function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [first, ...parts] = pattern.split('*') as [string, ...string[]];
  if (parts.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = parts.pop()!;
  let from = first.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
