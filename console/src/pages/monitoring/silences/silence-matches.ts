/** What a silence would keep quiet: the same rule as the server's, to say it before it is made. */

export type Matches = {readonly [name in 'model' | 'kind' | 'subject' | 'cause']?: string};

/** What is read of an `Incident` and of an `Alert`. */
type IncidentLike = {
  readonly model: string;
  readonly cause: {readonly kind: string; readonly name: string};
  readonly resolvedAt: number | null;
  readonly alerts: readonly string[];
  readonly inhibited: readonly {readonly alert: string}[];
};
type AlertLike = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly resolvedAt: number | null;
};

/** Without the matchers that are left empty. */
export function givenIn(matches: Matches): Matches {
  return Object.fromEntries(
    Object.entries(matches).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
}

/** Open incidents of which nobody would be told: all their open alerts match that are not held back. */
export function quieted<I extends IncidentLike>(
  matches: Matches,
  incidents: readonly I[],
  alerts: readonly AlertLike[],
): I[] {
  const given = givenIn(matches);
  if (Object.keys(given).length === 0) return [];
  const byId = new Map(alerts.map(alert => [alert.id, alert]));
  return incidents.filter(incident => {
    if (incident.resolvedAt !== null) return false;
    const held = new Set(incident.inhibited.map(({alert}) => alert));
    const speaking = incident.alerts.flatMap(id => {
      const alert = byId.get(id);
      return alert && alert.resolvedAt === null && !held.has(id) ? [alert] : [];
    });
    return speaking.length > 0 && speaking.every(alert => isMatch(given, incident, alert));
  });
}

function isMatch({model, kind, subject, cause}: Matches, incident: IncidentLike, alert: AlertLike): boolean {
  const {name, kind: of} = incident.cause;
  return (
    fits(model, incident.model) &&
    fits(kind, alert.kind) &&
    fits(subject, alert.subject) &&
    (fits(cause, name) || fits(cause, `${of}:${name}`))
  );
}

/** `*` stands for any characters. */
export function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = parts.pop() ?? '';
  let from = first.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** `model late, cause source:orders`. */
export const matchWords = (matches: Matches): string =>
  Object.entries(givenIn(matches))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
