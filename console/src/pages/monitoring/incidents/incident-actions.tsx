/** What somebody can do: take it, silence it, say whether it was worth telling. Each leaves a line in the audit log. */
import {useMutation} from '@tanstack/react-query';
import type {AuditAction, Incident} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {useSetting} from '../../../frame/setting.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {Failure} from '../../../parts/failure.tsx';
import {Go} from '../../../parts/page.tsx';
import {SilenceForm} from '../silences/silence-form.tsx';

type Act = 'acknowledge' | 'useful' | 'noise';

const TRACES: Record<Act, (id: string) => {action: AuditAction; what: string}> = {
  acknowledge: id => ({action: 'incident.acknowledge', what: id}),
  useful: id => ({action: 'incident.judge', what: `${id} useful`}),
  noise: id => ({action: 'incident.judge', what: `${id} noise`}),
};

export function IncidentActions({incident, clock}: {incident: Incident; clock: number}) {
  const {id, acknowledgedBy, feedback, resolvedAt, silencedBy, model, cause} = incident;
  const times = useTimes();
  const [name, setName] = useSetting('reviewer', '');
  const [silencing, setSilencing] = useState(false);
  const by = name.trim() === '' ? {} : {by: name.trim()};
  const act = useMutation({
    mutationFn: (what: Act) =>
      what === 'acknowledge' ? client.acknowledge(id, by) : client.judge(id, {verdict: what, ...by}),
    onSuccess: () => void queries.invalidateQueries(),
  });
  return (
    <section className="incident-actions" aria-label="What can be done">
      <div className="buttons">
        {resolvedAt === null && acknowledgedBy === null && (
          <button
            type="button"
            className="button main"
            disabled={act.isPending}
            onClick={() => act.mutate('acknowledge')}
          >
            Acknowledge
          </button>
        )}
        {resolvedAt === null && silencedBy === null && (
          <button type="button" className="button" aria-expanded={silencing} onClick={() => setSilencing(!silencing)}>
            Silence…
          </button>
        )}
        {silencedBy !== null && <Go to="/monitoring/silences">Silenced: see by what</Go>}
        <fieldset className="judge">
          <legend className="muted small">Was it worth telling?</legend>
          {(['useful', 'noise'] as const).map(verdict => (
            <button
              key={verdict}
              type="button"
              className="button"
              aria-pressed={feedback?.verdict === verdict}
              disabled={act.isPending}
              onClick={() => act.mutate(verdict)}
            >
              {verdict === 'useful' ? 'Useful' : 'Noise'}
            </button>
          ))}
        </fieldset>
        <label className="by muted small">
          as{' '}
          <input value={name} maxLength={100} placeholder="your name" onChange={event => setName(event.target.value)} />
        </label>
      </div>
      {acknowledgedBy !== null && resolvedAt === null && (
        <p className="muted small">{acknowledgedBy} works on it: a page is not repeated.</p>
      )}
      {feedback && (
        <p className="muted small">
          Called {feedback.verdict} by {feedback.by}, {times.minute(feedback.at)} {times.zoneName}.
        </p>
      )}
      {act.error && <Failure error={act.error} unaffected="Nothing has changed; the incident is as it was." />}
      {act.isSuccess && <AuditTrace {...TRACES[act.variables](id)} />}
      {silencing && (
        <SilenceForm
          initial={{model, cause: `${cause.kind}:${cause.name}`}}
          clock={clock}
          close={() => setSilencing(false)}
        />
      )}
    </section>
  );
}
