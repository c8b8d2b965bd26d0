import {formatDuration, type StageRecord} from 'millrace/protocol';
import {useLive} from '../../data/live.tsx';
import {compact, count} from '../../format/numbers.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {type Level, Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';

const LEVEL: Record<StageRecord['state'], Level> = {waiting: 'unknown', running: 'watch', done: 'good', failed: 'bad'};

const none = <span className="muted">–</span>;

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
    cell: stage => (stage.state === 'waiting' ? none : formatDuration(stage.seconds * 1_000)),
  },
  {
    id: 'rows',
    title: 'Rows',
    number: true,
    value: stage => stage.rows,
    cell: stage => (stage.rows === 0 ? none : count(stage.rows)),
  },
  {
    id: 'speed',
    title: 'Rows/s',
    number: true,
    value: stage => stage.rowsPerSecond,
    cell: stage => compact(stage.rowsPerSecond),
  },
  {id: 'message', title: 'What came of it', wrap: true, value: stage => stage.message || null},
];

/** The stages as last read, with the one that runs as the live stream says it is (unless the list knows that it ended). */
export function StagesTable({stages}: {stages: readonly StageRecord[]}) {
  const running = useLive().tick?.stage ?? null;
  const known = stages.find(stage => stage.name === running?.name);
  const over = known?.state === 'done' || known?.state === 'failed';
  const rows =
    running === null || over
      ? stages
      : known
        ? stages.map(stage => (stage === known ? running : stage))
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
