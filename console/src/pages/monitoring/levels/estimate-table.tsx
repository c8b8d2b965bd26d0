/** What performance was thought to be before labels told, beside what came. */
import type {Estimate, Metrics, MonitorWindow} from 'millrace/protocol';
import {compact, count, interval, ratio, short} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {metricName} from '../../../windows/incident-words.ts';

const METHODS = {
  cbpe: 'from calibrated scores (CBPE)',
  'importance-weighted': 'from scores calibrated for the inputs of the window',
  dle: 'by a model of the loss (DLE)',
} as const;

type Row = {readonly metric: string; readonly estimate: Estimate; readonly measured: number | null};

export function EstimateTable({window}: {window: MonitorWindow}) {
  const {estimate, performance} = window;
  if (!estimate)
    return (
      <Section title="Estimated and measured">
        <NoEstimate predictions={window.predictions} />
      </Section>
    );
  const rows = Object.entries(estimate.metrics).map(
    ([metric, value]): Row => ({
      metric,
      estimate: value,
      measured: measuredOf(performance?.overall ?? null, metric),
    }),
  );
  const columns: readonly Column<Row>[] = [
    {id: 'metric', title: 'Metric', value: ({metric}) => metricName(metric)},
    {
      id: 'estimated',
      title: 'Estimated',
      number: true,
      value: row => row.estimate.value,
      cell: row => (
        <>
          {figure(row.estimate.value)}{' '}
          <span className="muted small">{interval(row.estimate.low, row.estimate.high)}</span>
        </>
      ),
    },
    {
      id: 'measured',
      title: 'Came',
      number: true,
      value: ({measured}) => measured,
      cell: ({measured}) => (measured === null ? <span className="muted">–</span> : figure(measured)),
    },
    {
      id: 'held',
      title: 'Interval',
      value: ({estimate: {low, high}, measured}) => measured !== null && low <= measured && measured <= high,
      cell: ({estimate: {low, high}, measured}) =>
        measured === null ? null : low <= measured && measured <= high ? (
          <Status level="good" word="within" />
        ) : (
          <Status level="watch" word="outside" />
        ),
    },
  ];
  return (
    <div>
      <DataTable
        small
        name="estimates"
        title="Estimated and measured"
        aside={`${METHODS[estimate.method]}, ${compact(estimate.rows)} rows`}
        rows={rows}
        columns={columns}
        keyOf={({metric}) => metric}
      />
      <ul className="notes">
        {estimate.notes.map(note => (
          <li key={note}>{note}</li>
        ))}
        {performance && <li>Measured on {count(performance.labelled)} predictions with a label.</li>}
      </ul>
    </div>
  );
}

function NoEstimate({predictions}: {predictions: number}) {
  if (predictions === 0) return <p className="muted">Nothing was predicted in this window.</p>;
  return (
    <Empty
      title="Nothing was estimated here"
      text="Estimates need the sample of the test split that a version keeps: versions trained by earlier releases have none."
      command="npx millrace retrain"
      docs="docs/rooms/monitoring.md"
    />
  );
}

const figure = (value: number): string => (Math.abs(value) < 10 ? ratio(value) : short(value));

/** Measured windows hold fewer metrics than are estimated. */
function measuredOf(metrics: Metrics | null, metric: string): number | null {
  if (metrics === null || !(metric in metrics)) return null;
  const value = (metrics as Readonly<Record<string, number | null>>)[metric];
  return value ?? null;
}
