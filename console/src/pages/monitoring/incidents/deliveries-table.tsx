/** Who was told, when, and what went wrong on the way. */
import type {Delivery} from 'millrace/protocol';
import {useChannels} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {type Level, Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {NoChannels} from '../silences/no-channels.tsx';

const LEVEL: Record<Delivery['state'], Level> = {delivered: 'good', waiting: 'watch', failed: 'bad'};

const ORDER: Record<Delivery['state'], number> = {failed: 0, waiting: 1, delivered: 2};

const inOrder = (deliveries: readonly Delivery[]): readonly Delivery[] =>
  [...deliveries].sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.createdAt - a.createdAt);

export function DeliveriesTable({deliveries}: {deliveries: readonly Delivery[]}) {
  const times = useTimes();
  const channels = useChannels().data;
  const onlyLog = channels?.every(({kind}) => kind === 'log') ?? false;
  if (deliveries.length === 0)
    return (
      <Section title="Who was told">
        {onlyLog ? <NoChannels /> : <p className="muted">Nobody yet: it is silenced, or its first notice waits.</p>}
      </Section>
    );
  const columns: readonly Column<Delivery>[] = [
    {id: 'channel', title: 'Channel', value: ({channel}) => channel},
    {id: 'event', title: 'Of', value: ({event}) => event},
    {
      id: 'state',
      title: 'State',
      value: ({state}) => state,
      cell: ({state, attempts}) => (
        <Status level={LEVEL[state]} word={attempts > 1 ? `${state}, ${attempts} attempts` : state} />
      ),
    },
    {
      id: 'at',
      title: `When (${times.zoneName})`,
      value: ({deliveredAt, createdAt}) => deliveredAt ?? createdAt,
      cell: ({deliveredAt, createdAt, nextAt}) =>
        nextAt === null ? times.minute(deliveredAt ?? createdAt) : `again ${times.second(nextAt)}`,
    },
    {
      id: 'problem',
      title: 'Problem',
      wrap: true,
      value: ({problem}) => problem,
      cell: ({problem}) => problem ?? <span className="muted">none</span>,
    },
  ];
  return (
    <div>
      <DataTable
        name="deliveries"
        title="Who was told"
        aside="what did not arrive first, then the newest"
        rows={inOrder(deliveries)}
        columns={columns}
        keyOf={({id}) => id}
      />
      {onlyLog && <NoChannels />}
    </div>
  );
}
