/** Reads the file of an imported model again, after saying what that does. */
import {useMutation} from '@tanstack/react-query';
import type {ServingStatus} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../../data/queries.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {Confirm} from '../../../parts/confirm.tsx';
import {Section} from '../../../parts/page.tsx';

export function LoadAgain({status: {model, ready, version}}: {status: ServingStatus}) {
  const [asking, setAsking] = useState(false);
  const load = useMutation({
    mutationFn: () => client.loadModel(model),
    onSuccess: () => setAsking(false),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Section title="The file" aside={`POST /v2/repository/models/${model}/load`}>
      <p className="muted">
        The model is read from its file when the server starts, and when it is loaded again. Its version is a number for
        the content of that file.
      </p>
      {!asking && (
        <p className="after">
          <button type="button" className="button" onClick={() => setAsking(true)}>
            Load again…
          </button>
        </p>
      )}
      {asking && (
        <Confirm
          title={`Load ${model} again`}
          busy={load.isPending ? 'Loading' : null}
          error={load.error}
          unaffected={ready ? `v${version} goes on answering.` : 'Other models answer as before.'}
          act={() => load.mutate()}
          close={() => setAsking(false)}
        >
          <p>
            The file is read, checked and warmed up
            {ready
              ? ` beside v${version}, which goes on answering; the new one takes over between two requests. If the file cannot be loaded, v${version} stays.`
              : '; once that is done the model answers. If the file cannot be loaded, the model stays unavailable and this page says why.'}{' '}
            A file that has not changed keeps its version; breakers and counts of the levels begin anew. The audit log
            keeps who did it.
          </p>
        </Confirm>
      )}
      {load.isSuccess && !asking && (
        <div className="after" role="status">
          <p>Loaded{version === null ? '' : `: v${version} answers`}.</p>
          <AuditTrace action="model.load" what={model} />
        </div>
      )}
    </Section>
  );
}
