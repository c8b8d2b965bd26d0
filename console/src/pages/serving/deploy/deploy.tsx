/** Says what a deploy will do, asks once, and shows the line that it left in the audit log. */
import {useMutation} from '@tanstack/react-query';
import type {ModelDetail, ModelVersion} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {Confirm} from '../../../parts/confirm.tsx';
import {answersNow, qualityOf, verbOf} from './deploy-words.ts';

type Props = {readonly version: ModelVersion; readonly detail: ModelDetail; readonly close: () => void};

export function Deploy({version, detail, close}: Props) {
  const times = useTimes();
  const [reason, setReason] = useState('');
  const name = `v${version.version}`;
  // What it says is of the moment when it was opened: the page is read again underneath.
  const [{verb, now, champion}] = useState(() => ({
    verb: verbOf(version, detail),
    now: answersNow(detail),
    champion: detail.versions.find(({status}) => status === 'champion'),
  }));
  const deploy = useMutation({
    mutationFn: () =>
      client.deploy(detail.model, {
        version: version.version,
        reason: reason.trim() === '' ? `${verb} ${name}, by hand in the console.` : reason.trim(),
      }),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const {data: plan} = deploy;
  if (plan)
    return (
      <div className="confirm done" role="status">
        <p>
          {name} answers everything since {times.second(plan.at)} {times.zoneName}: revision {plan.revision}.
        </p>
        <AuditTrace action="version.deploy" what={`${detail.model} ${name}`} />
        <p>
          <button type="button" className="button" onClick={close}>
            Close
          </button>
        </p>
      </div>
    );
  return (
    <Confirm
      title={`${verb} ${name}`}
      busy={deploy.isPending ? 'Deploying' : null}
      error={deploy.error}
      unaffected="Nothing has changed: who answered goes on answering."
      act={() => deploy.mutate()}
      close={close}
    >
      <p>
        Now {now}. From the next request on it is {name} that answers everything: it is loaded and warmed up first, and
        no request fails in between.
      </p>
      <ul className="plain">
        <li>
          {name}: {qualityOf(version)} of its test split.
        </li>
        {champion && (
          <li>
            v{champion.version}: {qualityOf(champion)} of its own: other rows, so the two figures compare only roughly.
          </li>
        )}
        {version.status === 'rejected' && <li>{name} was rejected in its rollout; nothing of that is asked again.</li>}
      </ul>
      <p>
        {champion ? `v${champion.version} stays and can be deployed again in the same way. ` : ''}The audit log keeps
        who did it and why.
      </p>
      <p>
        <label className="reason">
          Reason
          <input
            value={reason}
            maxLength={500}
            placeholder={`${verb} ${name}, by hand in the console.`}
            onChange={event => setReason(event.target.value)}
          />
        </label>
      </p>
    </Confirm>
  );
}
