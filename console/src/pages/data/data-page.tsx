/** Data: what came in, of which form, and what was turned away. */
import type {StreamDetail} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useOverview, useStreams} from '../../data/queries.ts';
import {compact, count, percent, plural} from '../../format/numbers.ts';
import {started, useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Status} from '../../parts/meaning.tsx';
import {Page} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {worst} from './check-words.ts';
import {ChecksTable, firedOf} from './checks-table.tsx';
import {healthWords, streamLevel, troublesOf} from './stream-health.ts';

export function DataPage() {
  const streams = useStreams();
  const overview = useOverview();
  return (
    <Await reads={{streams, overview}} title="Data">
      {got =>
        got.streams.length === 0 ? (
          <Page title="Data" verdict={{level: 'unknown', sentence: 'No event has come in yet.'}}>
            <Empty
              title="Streams will stand here"
              text="Each with its columns, its events, and what its checks rejected and why."
              command="npx millrace ingest"
              docs="docs/rooms/events.md"
            />
          </Page>
        ) : (
          <DataContent streams={got.streams} clock={got.overview.clock} />
        )
      }
    </Await>
  );
}

function DataContent({streams, clock}: {streams: readonly StreamDetail[]; clock: number}) {
  const times = useTimes();
  const sum = (of: (stream: StreamDetail) => number) => streams.reduce((total, stream) => total + of(stream), 0);
  const [events, rejected, warned] = [
    sum(stream => stream.events),
    sum(stream => firedOf(stream, 'reject')),
    sum(stream => firedOf(stream, 'warn')),
  ];
  const troubled = streams.filter(stream => troublesOf(stream).length > 0).map(stream => stream.name);
  const newest = Math.max(...streams.map(stream => stream.to ?? 0));
  const share = rejected / Math.max(1, events + rejected);
  const columns: readonly Column<StreamDetail>[] = [
    {id: 'stream', title: 'Stream', value: stream => stream.name},
    {
      id: 'health',
      title: 'Health',
      value: healthWords,
      cell: stream => <Status level={streamLevel(stream)} word={healthWords(stream)} />,
    },
    {id: 'events', title: 'Events', number: true, value: stream => stream.events, cell: stream => count(stream.events)},
    {
      id: 'rejected',
      title: 'Rejected',
      number: true,
      value: stream => firedOf(stream, 'reject'),
      cell: stream => count(firedOf(stream, 'reject')),
    },
    {
      id: 'warned',
      title: 'Warned',
      number: true,
      value: stream => firedOf(stream, 'warn'),
      cell: stream => count(firedOf(stream, 'warn')),
    },
    {
      id: 'duplicates',
      title: 'Duplicates',
      number: true,
      value: stream => stream.duplicates,
      cell: stream => count(stream.duplicates),
    },
    {id: 'late', title: 'Too late', number: true, value: stream => stream.late, cell: stream => count(stream.late)},
    {id: 'from', title: 'From', value: stream => stream.from, cell: stream => times.minute(stream.from)},
    {id: 'to', title: `To (${times.zoneName})`, value: stream => stream.to, cell: stream => times.minute(stream.to)},
    {
      id: 'columns',
      title: 'Columns',
      wrap: true,
      value: stream => stream.columns.map(column => column.name).join(', '),
    },
  ];
  return (
    <Page
      title="Data"
      verdict={{
        level:
          events + rejected === 0 ? 'unknown' : worst([...streams.map(streamLevel), share > 0.01 ? 'watch' : 'good']),
        sentence:
          events + rejected === 0
            ? `${plural(streams.length, 'stream')}, and no event has come in yet.`
            : `${compact(events)} events in ${plural(streams.length, 'stream')}; ${rejected === 0 ? 'nothing was rejected' : `${count(rejected)} rejected (${percent(share)})`}, ${warned === 0 ? 'no check warned' : `${count(warned)} kept with a warning`}${troubled.length === 0 ? '' : `; look at ${troubled.join(', ')}`}.`,
      }}
    >
      <Figures>
        <Figure title="Events" value={compact(events)} note={`in ${plural(streams.length, 'stream')}`} />
        <Figure title="Rejected" value={count(rejected)} note={`${percent(share)} of what came`} />
        <Figure title="Duplicates" value={count(sum(stream => stream.duplicates))} note="counted once, by their id" />
        <Figure title="Too late" value={count(sum(stream => stream.late))} note="beyond the declared lateness" />
        <Figure
          title="Newest event"
          value={times.short(newest || null)}
          note={newest > 0 ? `${times.minute(newest)} ${times.zoneName}` : 'none yet'}
        />
      </Figures>
      <DataTable
        name="streams"
        title="Streams"
        aside={started(clock) === null ? 'nothing has come in yet' : `as of ${times.minute(clock)} ${times.zoneName}`}
        rows={streams}
        columns={columns}
        keyOf={stream => stream.name}
        open={stream => `/data/${encodeURIComponent(stream.name)}`}
      />
      <ChecksTable streams={streams} />
    </Page>
  );
}
