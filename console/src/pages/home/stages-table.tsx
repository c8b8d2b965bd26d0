import {formatDuration, type StageRecord} from 'millrace/protocol';
import {compact, count} from '../../format/numbers.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {type Level, Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';

const LEVEL: Record<StageRecord['state'], Level> = {waiting: 'unknown', running: 'watch', done: 'good', failed: 'bad'};

const columns: readonly Column<StageRecord>[] = [
  {id: 'stage', title: 'Stage', value: stage => stage.name},
  {
    id: 'state',
    title: 'State',
    value: stage => stage.state,
    cell: stage => <Status level={LEVEL[stage.state]} word={stage.state} />,
  },
  {
    id: 'time',
    title: 'Time',
    number: true,
    value: stage => stage.seconds,
    cell: stage => formatDuration(stage.seconds * 1_000),
  },
  {id: 'rows', title: 'Rows', number: true, value: stage => stage.rows, cell: stage => count(stage.rows)},
  {
    id: 'speed',
    title: 'Rows/s',
    number: true,
    value: stage => stage.rowsPerSecond,
    cell: stage => compact(stage.rowsPerSecond),
  },
  {id: 'message', title: 'What came of it', value: stage => stage.message},
];

export function StagesTable({stages}: {stages: readonly StageRecord[]}) {
  return (
    <DataTable
      name="stages"
      title="Stages of this run"
      aside="measured by the wall clock"
      rows={stages}
      columns={columns}
      keyOf={stage => stage.name}
    />
  );
}
