/** By what people are told, and whether it works. */
import {useMutation} from '@tanstack/react-query';
import {type ChannelName, client, queries, useDeliveries} from '../../../data/queries.ts';
import {plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {DataTable} from '../../../parts/data-table.tsx';
import {Failure} from '../../../parts/failure.tsx';
import {Status} from '../../../parts/meaning.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {NoChannels} from './no-channels.tsx';

export function ChannelsTable({channels}: {channels: readonly ChannelName[]}) {
  const times = useTimes();
  const deliveries = useDeliveries().data ?? [];
  const test = useMutation({
    mutationFn: (name: string) => client.testChannel(name),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const columns: readonly Column<ChannelName>[] = [
    {id: 'name', title: 'Channel', value: ({name}) => name},
    {id: 'kind', title: 'Kind', value: ({kind}) => kind},
    {
      id: 'last',
      title: 'Last message',
      wrap: true,
      value: ({name}) => deliveries.find(({channel}) => channel === name)?.state ?? null,
      cell: ({name}) => {
        const last = deliveries.find(({channel}) => channel === name);
        if (!last) return <span className="muted">none yet</span>;
        const level = last.state === 'delivered' ? 'good' : last.state === 'waiting' ? 'watch' : 'bad';
        return (
          <>
            <Status level={level} word={last.state} />{' '}
            <span className="muted">
              {times.minute(last.deliveredAt ?? last.createdAt)} {times.zoneName}
              {last.attempts > 1 && `, ${plural(last.attempts, 'attempt')}`}
              {last.problem !== null && `: ${last.problem}`}
            </span>
          </>
        );
      },
    },
    {
      id: 'test',
      title: 'Try it',
      value: () => null,
      cell: ({name}) => (
        <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate(name)}>
          {test.isPending && test.variables === name ? 'Sending' : 'Send a test'}
        </button>
      ),
    },
  ];
  return (
    <>
      <DataTable
        name="channels"
        title="Channels"
        aside="as the project file declares them"
        rows={channels}
        columns={columns}
        keyOf={({name}) => name}
      />
      {test.error && <Failure error={test.error} unaffected="Messages about incidents are sent independently of it." />}
      {test.data && (
        <div className="confirm done" role="status">
          <p>
            {test.data.state === 'delivered'
              ? `The test message reached ${test.data.channel}.`
              : `The test message did not reach ${test.data.channel}: ${test.data.problem ?? test.data.state}`}
          </p>
          <AuditTrace action="channel.test" what={test.data.channel} />
        </div>
      )}
      {channels.every(({kind}) => kind === 'log') && <NoChannels />}
    </>
  );
}
