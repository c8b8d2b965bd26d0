/** Who changed what, newest first. */
import type {AuditEntry, JsonValue} from 'millrace/protocol';
import {useAudit} from '../../data/queries.ts';
import {plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Failure} from '../../parts/failure.tsx';
import {Status} from '../../parts/meaning.tsx';
import {Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';

export function AuditTable() {
  const times = useTimes();
  const {data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch} = useAudit();
  if (error)
    return (
      <Section id="audit" title="Audit log">
        <Failure error={error} retry={() => void refetch()} />
      </Section>
    );
  const entries = data?.pages.flatMap(page => page.entries) ?? [];
  if (data && entries.length === 0)
    return (
      <Section id="audit" title="Audit log">
        <Empty title="Nothing was changed yet." text="Each change will stand here: who made it, to what, and when." />
      </Section>
    );
  const columns: readonly Column<AuditEntry>[] = [
    {id: 'at', title: `When (${times.zoneName})`, value: entry => entry.at, cell: entry => times.minute(entry.at)},
    {id: 'who', title: 'Who', value: entry => entry.who},
    {id: 'action', title: 'Did', value: entry => entry.action},
    {id: 'what', title: 'To', value: entry => entry.what},
    {
      id: 'outcome',
      title: 'Outcome',
      value: entry => entry.outcome,
      cell: ({outcome}) => <Status level={outcome === 'done' ? 'good' : 'bad'} word={outcome} />,
    },
    {id: 'detail', title: 'With', wrap: true, value: ({detail}) => wordsOf(detail)},
    {id: 'id', title: 'Id', extra: true, value: entry => entry.id},
  ];
  return (
    <>
      <DataTable
        name="audit"
        title="Audit log"
        aside={hasNextPage ? `the newest ${plural(entries.length, 'change')}` : plural(entries.length, 'change')}
        rows={entries}
        columns={columns}
        keyOf={entry => entry.id}
      />
      {hasNextPage && (
        <p>
          <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Reading' : 'Older changes'}
          </button>
        </p>
      )}
    </>
  );
}

const wordsOf = (detail: {readonly [name: string]: JsonValue}): string =>
  Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
