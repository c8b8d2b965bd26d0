import type {CheckCount, StreamRecord} from 'millrace/protocol';
import {count} from '../../format/numbers.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {type Level, Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';

/** How many events of a stream the checks of one kind caught. */
export const firedOf = (stream: StreamRecord, action: CheckCount['action']): number =>
  stream.checks.reduce((sum, check) => sum + (check.action === action ? check.count : 0), 0);

type Row = CheckCount & {readonly stream: string};

const levelOf = (row: Row): Level => (row.count === 0 ? 'good' : row.action === 'reject' ? 'bad' : 'watch');

const columns: readonly Column<Row>[] = [
  {id: 'check', title: 'Check', value: row => row.check},
  {id: 'stream', title: 'Stream', value: row => row.stream},
  {
    id: 'outcome',
    title: 'Outcome',
    value: row => row.action,
    cell: row => (
      <Status
        level={levelOf(row)}
        word={row.count === 0 ? 'never fired' : row.action === 'reject' ? 'rejected' : 'warned'}
      />
    ),
  },
  {id: 'count', title: 'Events', number: true, value: row => row.count, cell: row => count(row.count)},
  {
    id: 'example',
    title: 'First example',
    value: row => row.example,
    cell: row => (row.example === null ? <span className="muted">–</span> : <code>{row.example}</code>),
  },
];

export function ChecksTable({streams}: {streams: readonly StreamRecord[]}) {
  const rows = streams.flatMap(stream => stream.checks.map(check => ({...check, stream: stream.name})));
  if (rows.length === 0) return null;
  return (
    <DataTable
      name="checks"
      title="Checks"
      rows={rows}
      columns={columns}
      keyOf={row => `${row.stream}/${row.check}`}
      order="-count"
    />
  );
}
