import {useMutation} from '@tanstack/react-query';
import type {Silence} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {Confirm} from '../../../parts/confirm.tsx';
import {DataTable} from '../../../parts/data-table.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {type Level, Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {matchWords} from './silence-matches.ts';

export type SilenceState = 'active' | 'pending' | 'expired';

export const stateOf = ({from, to}: Silence, now: number): SilenceState =>
  now < from ? 'pending' : now < to ? 'active' : 'expired';

const LEVEL: Record<SilenceState, Level> = {active: 'watch', pending: 'unknown', expired: 'unknown'};

/** Those in force, planned and over; what is in force or planned can be ended. */
export function SilencesTable({silences, clock}: {silences: readonly Silence[]; clock: number}) {
  const times = useTimes();
  const [ending, setEnding] = useState<Silence | null>(null);
  const end = useMutation({
    mutationFn: (id: string) => client.unsilence(id),
    onSuccess: () => {
      setEnding(null);
      void queries.invalidateQueries();
    },
  });
  if (silences.length === 0)
    return (
      <Section title="Silences">
        <Empty
          title="Nothing was ever silenced"
          text="A silence keeps people from being told, for a while and with a reason. Incidents go on being opened and shown."
          command="npx millrace silence create --model '*' --for 4h --reason 'a migration'"
          docs="docs/rooms/monitoring.md"
        />
      </Section>
    );
  const columns: readonly Column<Silence>[] = [
    {
      id: 'state',
      title: 'State',
      value: silence => stateOf(silence, clock),
      cell: silence => {
        const state = stateOf(silence, clock);
        return <Status level={LEVEL[state]} word={silence.kind === 'maintenance' ? `${state}, maintenance` : state} />;
      },
    },
    {id: 'matches', title: 'Says nothing of', value: ({matches}) => matchWords(matches), wrap: true},
    {
      id: 'to',
      title: `From – until (${times.zoneName})`,
      value: ({to}) => to,
      cell: ({from, to}) => `${times.minute(from)} – ${times.minute(to)}`,
    },
    {id: 'reason', title: 'Why', value: ({reason}) => reason, wrap: true},
    {id: 'by', title: 'By', value: ({by}) => by},
    {
      id: 'end',
      title: 'Change',
      value: () => null,
      cell: silence =>
        stateOf(silence, clock) === 'expired' ? (
          <span className="muted">over</span>
        ) : (
          <button type="button" className="button" onClick={() => setEnding(silence)}>
            End…
          </button>
        ),
    },
    {id: 'id', title: 'Id', value: ({id}) => id, extra: true},
  ];
  return (
    <>
      <DataTable name="silences" title="Silences" rows={silences} columns={columns} keyOf={({id}) => id} order="-to" />
      {ending && (
        <Confirm
          title="End it now"
          busy={end.isPending ? 'Ending' : null}
          error={end.error}
          unaffected="The silence goes on as it was."
          act={() => end.mutate(ending.id)}
          close={() => setEnding(null)}
        >
          <p>
            People are told of {matchWords(ending.matches)} again from now on; of incidents that are still open and that
            nobody was told of, at once. It would have ended {times.minute(ending.to)} {times.zoneName}.
          </p>
        </Confirm>
      )}
      {end.isSuccess && (
        <div className="confirm done" role="status">
          <p>Ended: people are told again.</p>
          <AuditTrace action="silence.end" what={end.variables} />
        </div>
      )}
    </>
  );
}
