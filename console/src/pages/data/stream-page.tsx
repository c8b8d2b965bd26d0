/** One stream: its columns, and its checks. */
import type {StreamRecord} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useFeatures, useStreams} from '../../data/queries.ts';
import {count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {NotFound} from '../not-found.tsx';
import {ChecksTable, firedOf} from './checks-table.tsx';

type ColumnRow = StreamRecord['columns'][number];

const columns: readonly Column<ColumnRow>[] = [
  {id: 'column', title: 'Column', value: row => row.name, cell: row => <code>{row.name}</code>},
  {id: 'type', title: 'Type', value: row => row.type},
  {id: 'null', title: 'May be null', value: row => row.nullable, cell: row => (row.nullable ? 'yes' : 'no')},
];

export function StreamPage({name}: {name: string}) {
  const streams = useStreams();
  const features = useFeatures();
  const times = useTimes();
  return (
    <Await reads={{streams, features}} title={name}>
      {got => {
        const stream = got.streams.find(candidate => candidate.name === name);
        if (!stream) return <NotFound what={`a stream ‘${name}’`} place="/data" />;
        const rejected = firedOf(stream, 'reject');
        const fed = got.features.filter(feature => feature.source === name);
        return (
          <Page
            title={name}
            crumbs={[{title: 'Data', path: '/data'}]}
            verdict={{
              level: rejected > 0 ? 'watch' : 'good',
              sentence: `${count(stream.events)} events from ${times.minute(stream.from)} to ${times.minute(stream.to)} ${times.zoneName}; ${count(rejected)} rejected, ${count(stream.duplicates)} duplicates, ${count(stream.late)} too late.`,
            }}
          >
            <DataTable name="columns" title="Schema" rows={stream.columns} columns={columns} keyOf={row => row.name} />
            <ChecksTable streams={[stream]} />
            {fed.length > 0 && (
              <Section title="Feeds" aside={plural(fed.length, 'feature')}>
                <p>
                  {fed.map((feature, i) => (
                    <span key={feature.name}>
                      {i > 0 && ', '}
                      <Go to={`/features/${encodeURIComponent(feature.name)}`}>{feature.name}</Go>
                    </span>
                  ))}
                </p>
              </Section>
            )}
          </Page>
        );
      }}
    </Await>
  );
}
