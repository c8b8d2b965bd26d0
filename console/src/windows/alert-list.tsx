/** Alerts: how bad, what, since when, how big, and what was done about it. */
import type {Alert} from 'millrace/protocol';
import {useState} from 'react';
import {useRetrains} from '../data/queries.ts';
import {significant} from '../format/numbers.ts';
import {relative, useTimes} from '../format/times.ts';
import {Status} from '../parts/meaning.tsx';
import {Go} from '../parts/page.tsx';

/** Resolved alerts shown before the reader asks for more; open ones are never hidden. */
const RESOLVED = 5;

type Props = {readonly alerts: readonly Alert[]; readonly clock: number; readonly chosen?: string | null};

export function AlertList({alerts, clock, chosen}: Props) {
  const [all, setAll] = useState(false);
  const resolved = alerts.filter(alert => alert.resolvedAt !== null);
  const kept = new Set(resolved.slice(0, RESOLVED));
  const shown = all
    ? alerts
    : alerts.filter(alert => alert.resolvedAt === null || alert.id === chosen || kept.has(alert));
  return (
    <>
      <AlertRows alerts={shown} clock={clock} chosen={chosen ?? null} />
      {shown.length < alerts.length && (
        <p>
          <button type="button" className="button quiet" onClick={() => setAll(true)}>
            Show {alerts.length - shown.length} more that are resolved
          </button>
        </p>
      )}
    </>
  );
}

function AlertRows({alerts, clock, chosen}: {alerts: readonly Alert[]; clock: number; chosen: string | null}) {
  const times = useTimes();
  return (
    <ul className="plain-list alerts">
      {alerts.map(alert => (
        <li key={alert.id} id={alert.id} {...(alert.id === chosen ? {'data-chosen': true} : {})}>
          <div className="alert-head">
            <Status
              level={alert.resolvedAt !== null ? 'unknown' : alert.severity === 'page' ? 'bad' : 'watch'}
              word={alert.resolvedAt === null ? alert.severity : 'resolved'}
            />
            <strong>{alert.title}</strong>
            <time
              className="muted small"
              dateTime={new Date(alert.openedAt).toISOString()}
              title={relative(alert.openedAt, clock)}
            >
              {times.minute(alert.openedAt)}
              {alert.resolvedAt === null
                ? ` ${times.zoneName}`
                : ` – ${times.minute(alert.resolvedAt)} ${times.zoneName}`}
            </time>
          </div>
          <p>{alert.message}</p>
          <p className="muted small">
            {alert.kind} of {alert.subject}: measured {significant(alert.measured)}, threshold{' '}
            {significant(alert.threshold)}. <Done alert={alert} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** The action is a retrain's id, which is a link, or a sentence. */
function Done({alert}: {alert: Alert}) {
  const retrains = useRetrains().data ?? [];
  if (alert.action === null) return 'No retrain followed from it.';
  if (!retrains.some(retrain => retrain.id === alert.action)) return <>Done: {alert.action}</>;
  return (
    <>
      Done: <Go to={`/experiments/${encodeURIComponent(alert.action)}`}>{alert.action}</Go>
    </>
  );
}
