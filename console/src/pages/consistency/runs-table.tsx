import type {ConsistencyRun} from 'millrace/protocol';
import {count, percent, significant} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {type Level, Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';

function stateOf(run: ConsistencyRun): {level: Level; word: string} {
  if (run.state !== 'done') return {level: run.state === 'failed' ? 'watch' : 'unknown', word: run.state};
  if (run.values === 0) return {level: 'unknown', word: 'nothing to compare'};
  return run.mismatches === 0 ? {level: 'good', word: 'no skew'} : {level: 'bad', word: 'skew'};
}

/** `runs`: newest first. */
export function RunsTable({runs}: {runs: readonly ConsistencyRun[]}) {
  const times = useTimes();
  const columns: readonly Column<ConsistencyRun>[] = [
    {id: 'run', title: 'Run', number: true, value: run => run.number},
    {
      id: 'at',
      title: `Started, ${times.zoneName}`,
      value: run => run.startedAt,
      cell: run => times.minute(run.startedAt),
    },
    {id: 'state', title: 'State', value: run => stateOf(run).word, cell: run => <Status {...stateOf(run)} />},
    {id: 'differ', title: 'Differ', number: true, value: run => run.mismatches, cell: run => count(run.mismatches)},
    {id: 'values', title: 'Values', number: true, value: run => run.values, cell: run => count(run.values)},
    {
      id: 'predictions',
      title: 'Predictions',
      number: true,
      value: run => run.predictions,
      cell: run => count(run.predictions),
    },
    {id: 'sample', title: 'Keys', number: true, value: run => run.sample, cell: run => percent(run.sample)},
    {
      id: 'from',
      title: 'Predicted from',
      value: run => run.from,
      cell: run => (run.from === null ? 'the first' : times.minute(run.from)),
    },
    {id: 'to', title: 'To', value: run => run.to, cell: run => times.minute(run.to)},
    {id: 'trigger', title: 'Started by', value: run => (run.trigger === 'manual' ? 'hand' : 'schedule')},
    {
      id: 'seconds',
      title: 'Took',
      number: true,
      value: run => run.seconds,
      cell: run => `${significant(run.seconds)} s`,
    },
    {id: 'error', title: 'Error', value: run => run.error, extra: true},
  ];
  return (
    <DataTable
      name="runs"
      title="Runs"
      aside="the last 60 are kept"
      rows={runs}
      columns={columns}
      keyOf={run => String(run.number)}
    />
  );
}
