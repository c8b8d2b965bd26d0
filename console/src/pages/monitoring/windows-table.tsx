import type {MonitorWindow} from 'millrace/protocol';
import {count, interval, micros, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {DRIFT_LEVEL, drifting} from '../../windows/drift.ts';

/** How many, and which: the first two, the others when asked for. */
function Drifting({subjects}: {subjects: readonly string[]}) {
  if (subjects.length === 0) return <span className="muted">none</span>;
  const first = subjects.slice(0, 2).join(', ');
  if (subjects.length <= 2)
    return (
      <>
        <span className="muted">{subjects.length}:</span> {first}
      </>
    );
  return (
    <details className="more">
      <summary title={subjects.join(', ')}>
        <span className="muted">{subjects.length}:</span> {first}{' '}
        <span className="reveal">and {subjects.length - 2} more</span>
      </summary>
      {subjects.slice(2).join(', ')}
    </details>
  );
}

/** One row a window, newest first. */
export function WindowsTable({windows}: {windows: readonly MonitorWindow[]}) {
  const times = useTimes();
  const columns: readonly Column<MonitorWindow>[] = [
    {
      id: 'from',
      title: `From (${times.zoneName})`,
      value: window => window.from,
      cell: window => times.minute(window.from),
    },
    {
      id: 'predictions',
      title: 'Predictions',
      number: true,
      value: window => window.predictions,
      cell: window => count(window.predictions),
    },
    {
      id: 'auc',
      title: 'AUC',
      number: true,
      value: window => window.performance?.overall.auc ?? null,
      cell: ({performance}) =>
        performance === null ? (
          <span className="muted">labels not complete</span>
        ) : (
          <>
            {ratio(performance.overall.auc)}{' '}
            <span className="muted small">{interval(performance.overall.aucLow, performance.overall.aucHigh)}</span>
          </>
        ),
    },
    {
      id: 'mean',
      title: 'Predicted',
      number: true,
      value: window => window.meanPrediction,
      cell: window => ratio(window.meanPrediction),
    },
    {
      id: 'rate',
      title: 'Came',
      number: true,
      value: window => window.performance?.overall.baseRate ?? null,
      cell: window => ratio(window.performance?.overall.baseRate),
    },
    {
      id: 'ece',
      title: 'ECE',
      number: true,
      value: window => window.performance?.overall.ece ?? null,
      cell: window => ratio(window.performance?.overall.ece),
    },
    {
      id: 'prediction',
      title: 'Prediction drift',
      value: window => window.prediction.effect,
      cell: ({prediction}) => (
        <Status level={DRIFT_LEVEL[prediction.verdict]} word={`${prediction.verdict} ${ratio(prediction.effect)}`} />
      ),
    },
    {
      id: 'drifting',
      title: 'Features that drift',
      value: window =>
        drifting(window)
          .map(report => report.subject)
          .join(', ') || null,
      cell: window => <Drifting subjects={drifting(window).map(report => report.subject)} />,
    },
    {
      id: 'p99',
      title: 'p99',
      number: true,
      value: window => window.latencyUs?.p99 ?? null,
      cell: window => micros(window.latencyUs?.p99),
    },
    {id: 'errors', title: 'Errors', number: true, value: window => window.errors, extra: true},
    {
      id: 'logLoss',
      title: 'Log loss',
      number: true,
      value: window => window.performance?.overall.logLoss ?? null,
      cell: window => ratio(window.performance?.overall.logLoss, 4),
      extra: true,
    },
    {
      id: 'labelled',
      title: 'Labelled',
      number: true,
      value: window => window.performance?.labelled ?? null,
      cell: window => count(window.performance?.labelled),
      extra: true,
    },
    {id: 'id', title: 'Id', value: window => window.id, extra: true},
  ];
  return (
    <DataTable
      name="windows"
      title="Windows"
      rows={windows}
      columns={columns}
      keyOf={window => window.id}
      order="-from"
    />
  );
}
