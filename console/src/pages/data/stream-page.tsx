/** One stream: is it healthy, how its checks stand, what was refused, what is stored, and its schema. */
import type {StreamDetail} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useFeatures, useStreams} from '../../data/queries.ts';
import {compact, count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {NotFound} from '../not-found.tsx';
import {ChecksTable, firedOf} from './checks-table.tsx';
import {Follower} from './follower.tsx';
import {PartitionStrip} from './partition-strip.tsx';
import {Quarantine} from './quarantine.tsx';
import {streamLevel, troublesOf} from './stream-health.ts';

type ColumnRow = StreamDetail['columns'][number];

const columns: readonly Column<ColumnRow>[] = [
  {id: 'column', title: 'Column', value: row => row.name, cell: row => <code>{row.name}</code>},
  {
    id: 'type',
    title: 'Type',
    value: row => (row.size === undefined ? row.type : `vector of ${row.size}`),
  },
  {id: 'null', title: 'May be null', value: row => row.nullable, cell: row => (row.nullable ? 'yes' : 'no')},
];

export function StreamPage({name}: {name: string}) {
  const streams = useStreams();
  const features = useFeatures();
  return (
    <Await reads={{streams, features}} title={name}>
      {got => {
        const stream = got.streams.find(candidate => candidate.name === name);
        if (!stream) return <NotFound what={`a stream ‘${name}’`} place="/data" />;
        const fed = got.features.filter(feature => feature.source === name).map(feature => feature.name);
        return <StreamContent stream={stream} fed={fed} />;
      }}
    </Await>
  );
}

function StreamContent({stream, fed}: {stream: StreamDetail; fed: readonly string[]}) {
  const times = useTimes();
  const {name, events, from, to, duplicates, late, waiting, retentionMs, follower} = stream;
  const rejected = firedOf(stream, 'reject');
  const span =
    events === 0
      ? 'No event yet'
      : `${count(events)} events from ${times.minute(from)} to ${times.minute(to)} ${times.zoneName}`;
  const troubles = troublesOf(stream);
  return (
    <Page
      title={name}
      crumbs={[{title: 'Data', path: '/data'}]}
      verdict={{
        level: streamLevel(stream),
        sentence: `${span}; ${troubles.length > 0 ? troubles.join('; ') : 'no check is violated'}.`,
      }}
    >
      <Figures>
        <Figure
          title="Events"
          value={compact(events)}
          note={
            retentionMs === null
              ? 'kept for ever'
              : `in the log for ${count(retentionMs / 86_400_000)} d, then archived`
          }
        />
        <Figure title="Rejected" value={count(rejected)} note="by all checks so far" />
        <Figure
          title="Waiting"
          value={count(waiting)}
          note="in quarantine"
          to={`/data/${encodeURIComponent(name)}#quarantine`}
        />
        <Figure title="Duplicates" value={count(duplicates)} note="counted once, by their id" />
        <Figure title="Too late" value={count(late)} note="beyond the declared lateness" />
      </Figures>
      <ChecksTable streams={[stream]} />
      {follower && <Follower follower={follower} />}
      <Quarantine stream={name} />
      <PartitionStrip partitions={stream.partitions} />
      <DataTable name="columns" title="Schema" rows={stream.columns} columns={columns} keyOf={row => row.name} />
      {fed.length > 0 && (
        <Section title="Feeds" aside={plural(fed.length, 'feature')}>
          <p>
            {fed.map((feature, i) => (
              <span key={feature}>
                {i > 0 && ', '}
                <Go to={`/features/${encodeURIComponent(feature)}`}>{feature}</Go>
              </span>
            ))}
          </p>
        </Section>
      )}
    </Page>
  );
}
