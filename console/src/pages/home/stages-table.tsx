import {formatDuration, type StageRecord} from 'millrace/protocol';
import {useLive} from '../../data/live.tsx';
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

/** The stages as last read, with the one that runs as the live stream says it is. */
export function StagesTable({stages}: {stages: readonly StageRecord[]}) {
  const running = useLive().tick?.stage ?? null;
  const known = stages.some(stage => stage.name === running?.name);
  const rows =
    running === null
      ? stages
      : known
        ? stages.map(stage => (stage.name === running.name ? running : stage))
        : [...stages, running];
  if (rows.length === 0) return null;
  return (
    <DataTable
      name="stages"
      title="Stages of this run"
      aside="measured by the wall clock"
      rows={rows}
      columns={columns}
      keyOf={stage => stage.name}
    />
  );
}
