import type {Notice} from '../../monitoring/index.ts';
import type {Alert, Delivery, Incident} from '../../protocol/index.ts';

/** What a delivery says of its incident as it stands. `own`: its alerts; `console`: address for links. */
export function makeNotice(
  {id, event}: Pick<Delivery, 'id' | 'event'>,
  incident: Incident,
  own: readonly Alert[],
  console: string | null,
): Notice {
  const silent = new Set(incident.inhibited.map(({alert}) => alert));
  const audible = own.filter(alert => !silent.has(alert.id));
  const loud = audible.length > 0 ? audible : own;
  const open = loud.filter(({resolvedAt}) => resolvedAt === null);
  const pagesFirst = [...(open.length > 0 ? open : loud)].sort(
    (a, b) => Number(b.severity === 'page') - Number(a.severity === 'page'),
  );
  const link = console && `${console}/monitoring/incidents/${encodeURIComponent(incident.id)}`;
  return {id, event, incident, alerts: pagesFirst, link};
}
