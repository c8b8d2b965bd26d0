/** All keys ever made, and the end of one. */
import {useMutation} from '@tanstack/react-query';
import type {ApiKey} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../data/queries.ts';
import {plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Failure} from '../../parts/failure.tsx';
import {Status} from '../../parts/meaning.tsx';
import {Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {stateOf} from './key-state.ts';

export function KeysTable({keys}: {keys: readonly ApiKey[]}) {
  const times = useTimes();
  const [ending, setEnding] = useState<ApiKey | null>(null);
  if (keys.length === 0)
    return (
      <Section id="keys" title="Keys">
        <Empty
          title="There is no key yet."
          text="Keys will stand here: what each may do, for which models, and when it was last used."
          command="millrace keys create ops --scope admin"
          docs="docs/rooms/access.md"
        />
      </Section>
    );
  const now = Date.now();
  const columns: readonly Column<ApiKey>[] = [
    {id: 'name', title: 'Name', value: key => key.name},
    {
      id: 'state',
      title: 'State',
      value: key => stateOf(key, now).state,
      cell: key => <Status level={stateOf(key, now).level} word={stateOf(key, now).state} />,
    },
    {id: 'scopes', title: 'Scopes', value: key => key.scopes.join(', ')},
    {id: 'models', title: 'Models', value: key => key.models?.join(', ') ?? 'all'},
    {id: 'rate', title: 'Rate', value: rateOf},
    {
      id: 'used',
      title: `Last used (${times.zoneName})`,
      value: key => key.lastUsedAt,
      cell: key => (key.lastUsedAt === null ? 'never' : times.minute(key.lastUsedAt)),
    },
    {
      id: 'expires',
      title: 'Expires',
      value: key => key.expiresAt,
      cell: key => (key.expiresAt === null ? 'never' : times.day(key.expiresAt)),
    },
    {id: 'id', title: 'Id', value: key => key.id, cell: key => <code>{key.id}</code>},
    {id: 'made', title: 'Made', extra: true, value: key => key.createdAt, cell: key => times.minute(key.createdAt)},
    {id: 'by', title: 'Made by', extra: true, value: key => key.createdBy},
    {
      id: 'end',
      title: 'End',
      value: key => key.revokedAt,
      cell: key =>
        key.revokedAt === null ? (
          <button
            type="button"
            className="button quiet"
            aria-label={`Revoke ${key.name}…`}
            onClick={() => setEnding(key)}
          >
            Revoke…
          </button>
        ) : (
          times.minute(key.revokedAt)
        ),
    },
  ];
  return (
    <>
      <DataTable
        name="keys"
        title="Keys"
        aside={plural(keys.length, 'key')}
        rows={keys}
        columns={columns}
        keyOf={key => key.id}
      />
      {ending && <Revoke key={ending.id} ending={ending} close={() => setEnding(null)} />}
    </>
  );
}

const rateOf = ({rate}: ApiKey): string | null => (rate === null ? null : `${rate.perSecond}/s, ${rate.burst} at once`);

function Revoke({ending, close}: {ending: ApiKey; close: () => void}) {
  const revoke = useMutation({
    mutationFn: () => client.revokeKey(ending.id),
    onSuccess: () => {
      close();
      void queries.invalidateQueries();
    },
  });
  return (
    <div className="confirm" role="alertdialog" aria-label={`Revoke ${ending.name}`}>
      <p>
        Requests with the key {ending.name} ({ending.scopes.join(', ')}) will be refused from now on, for good. A new
        key can take its place; this one cannot come back. The audit log keeps who ended it.
      </p>
      <p className="buttons">
        <button type="button" className="button main" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {revoke.isPending ? 'Revoking' : `Revoke ${ending.name}`}
        </button>{' '}
        <button type="button" className="button" disabled={revoke.isPending} onClick={close}>
          Cancel
        </button>
      </p>
      {revoke.error && <Failure error={revoke.error} unaffected="The key is as it was." />}
    </div>
  );
}
