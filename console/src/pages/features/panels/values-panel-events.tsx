import {formatDuration, type WhyAnswer, type WhyEvent} from 'millrace/protocol';
import {count, plural, significant} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Go} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {before} from './values-panel-words.ts';

type Props = {readonly at: number; readonly window: NonNullable<WhyAnswer['window']>};

/** The events of the window, newest first: when, how late they came, and what was taken of each. */
export function EventsTable({at, window: {source, count: all, events}}: Props) {
  const times = useTimes();
  const columns: readonly Column<WhyEvent>[] = [
    {
      id: 'time',
      title: `Time (${times.zoneName})`,
      value: event => event.time,
      cell: event => (
        <time dateTime={new Date(event.time).toISOString()}>
          {times.second(event.time)} <span className="muted">{before(event.time, at)}</span>
        </time>
      ),
    },
    {
      id: 'input',
      title: 'Taken of it',
      number: true,
      value: event => event.input,
      cell: event =>
        event.input === null ? (
          <span className="muted">nothing</span>
        ) : typeof event.input === 'number' ? (
          significant(event.input)
        ) : (
          String(event.input)
        ),
    },
    {
      id: 'delay',
      title: 'Arrived after',
      number: true,
      value: event => event.arrival - event.time,
      cell: event => formatDuration(event.arrival - event.time),
    },
    {
      id: 'position',
      title: 'Log position',
      number: true,
      value: event => event.position,
      cell: event => count(event.position),
    },
    {id: 'event', title: 'Event', value: event => event.id},
  ];
  return (
    <div className="value-events">
      <DataTable
        name="behind"
        title="Events behind it"
        aside={
          <span>
            {plural(all, 'event')} of <Go to={`/data/${encodeURIComponent(source)}`}>{source}</Go>
            {events.length < all && `, the newest ${count(events.length)}`}
          </span>
        }
        rows={events}
        keyOf={event => `${event.position}`}
        columns={columns}
      />
    </div>
  );
}
