import type {CheckAction, CheckStatus, StreamDetail, StreamRecord} from 'millrace/protocol';
import {count} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {outcomeOf, severity} from './check-words.ts';

/** How many events of a stream the checks of one kind caught. */
export const firedOf = (stream: StreamRecord, action: CheckAction): number =>
  stream.checks.reduce((sum, check) => sum + (check.action === action ? check.count : 0), 0);

export function ChecksTable({streams}: {streams: readonly StreamDetail[]}) {
  const times = useTimes();
  const rows = streams
    .flatMap(stream => stream.status)
    .sort((a, b) => severity(outcomeOf(b).level) - severity(outcomeOf(a).level) || b.count - a.count);
  if (rows.length === 0) return null;
  const columns: readonly Column<CheckStatus>[] = [
    {id: 'check', title: 'Check', value: row => row.check},
    ...(streams.length > 1 ? [{id: 'stream', title: 'Stream', value: (row: CheckStatus) => row.stream}] : []),
    {id: 'state', title: 'State', value: row => outcomeOf(row).word, cell: row => <Status {...outcomeOf(row)} />},
    {id: 'detail', title: 'In words', wrap: true, value: row => row.detail},
    {id: 'count', title: 'Times', number: true, value: row => row.count, cell: row => count(row.count)},
    {
      id: 'last',
      title: `Last (${times.zoneName})`,
      value: row => row.lastAt ?? null,
      cell: row => times.minute(row.lastAt ?? null),
    },
    {
      id: 'example',
      title: 'First example',
      value: row => row.example,
      cell: row => (row.example === null ? <span className="muted">–</span> : <code>{row.example}</code>),
    },
  ];
  return (
    <DataTable name="checks" title="Checks" rows={rows} columns={columns} keyOf={row => `${row.stream}/${row.check}`} />
  );
}
