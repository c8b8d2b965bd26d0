/** Incidents: how bad, what, since when, how big, and where to look. Each opens its page. */
import type {Incident} from 'millrace/protocol';
import {type RefObject, useEffect, useRef, useState} from 'react';
import {plural} from '../format/numbers.ts';
import {relative, useTimes} from '../format/times.ts';
import {capital} from '../format/words.ts';
import {Status} from '../parts/meaning.tsx';
import {Go} from '../parts/page.tsx';
import {causeLink, changeWords, incidentLevel, incidentPath, incidentState, isOpen, ranked} from './incident-words.ts';

/** Resolved incidents shown before the reader asks for more; open ones are never hidden. */
const RESOLVED = 4;

export function IncidentList({incidents, clock}: {incidents: readonly Incident[]; clock: number}) {
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useTitleCursor(list);
  const order = ranked(incidents);
  const open = order.filter(isOpen).length;
  const shown = all ? order : order.slice(0, open + RESOLVED);
  return (
    <>
      <ul ref={list} className="plain-list incidents" data-rows="incidents">
        {shown.map(incident => (
          <Row key={incident.id} incident={incident} clock={clock} />
        ))}
      </ul>
      {shown.length < order.length && (
        <p className="after">
          <button type="button" className="button quiet" onClick={() => setAll(true)}>
            Show {order.length - shown.length} more that are resolved
          </button>
        </p>
      )}
    </>
  );
}

/** `j` and `k` go from title to title. */
function useTitleCursor(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const onMove = (event: Event) => {
      const by = (event as CustomEvent<1 | -1>).detail;
      const titles = [...element.querySelectorAll<HTMLElement>('a.title')];
      const at = titles.findIndex(title => title.closest('li')?.contains(document.activeElement));
      const next = at < 0 ? (by > 0 ? 0 : titles.length - 1) : at + by;
      titles[Math.max(0, Math.min(titles.length - 1, next))]?.focus();
    };
    element.addEventListener('move-row', onMove);
    return () => element.removeEventListener('move-row', onMove);
  }, [list]);
}

function Row({incident, clock}: {incident: Incident; clock: number}) {
  const times = useTimes();
  const {title, since, resolvedAt, cause, model, cost, features, inhibited} = incident;
  const where = causeLink(cause, model);
  const big = [
    changeWords(incident),
    cost && `about ${plural(Math.round(cost.amount), cost.unit, cost.unit)} a window`,
    features.length > 0 && plural(features.length, 'feature'),
    inhibited.length > 0 && `${plural(inhibited.length, 'alert')} held back`,
  ].filter(part => typeof part === 'string');
  return (
    <li>
      <Status level={incidentLevel(incident)} word={incidentState(incident)} />
      <div className="what">
        <Go to={incidentPath(incident.id)} className="title">
          {title}
        </Go>
        <p className="muted small">
          {big.length > 0 && `${capital(big.join('; '))}. `}
          Look at <Go to={where.to}>{where.text}</Go>.
        </p>
      </div>
      <time className="muted small" dateTime={new Date(since).toISOString()} title={relative(since, clock)}>
        {times.minute(since)}
        {resolvedAt === null ? ` ${times.zoneName}` : ` – ${times.minute(resolvedAt)} ${times.zoneName}`}
      </time>
    </li>
  );
}
