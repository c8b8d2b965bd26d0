import type {AuditAction} from 'millrace/protocol';
import {useAudit} from '../data/queries.ts';
import {useTimes} from '../format/times.ts';
import {Go} from './page.tsx';

/** The newest line of the audit log about this. */
export function AuditTrace({action, what}: {action: AuditAction; what: string}) {
  const times = useTimes();
  const {data, error} = useAudit();
  const entry = data?.pages[0]?.entries.find(each => each.action === action && each.what === what);
  if (error) return <p className="muted">The audit log could not be read: {error.message}</p>;
  if (!entry)
    return <p className="muted">{data ? 'The audit log has no line of it yet.' : 'Reading the audit log.'}</p>;
  const {reason} = entry.detail;
  return (
    <p>
      <Go to="/admin#audit">Audit log</Go>: {times.second(entry.at)} {times.zoneName}, {entry.who}, {entry.action}{' '}
      {entry.what}
      {typeof reason === 'string' && `, “${reason}”`} ({entry.outcome})
    </p>
  );
}
