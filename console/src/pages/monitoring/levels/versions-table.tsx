/** Who answered in a window, and how well. */
import type {MonitorWindow, VersionWindow} from 'millrace/protocol';
import {compact, interval, micros, percent, ratio} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Go} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';

export function VersionsTable({window}: {window: MonitorWindow}) {
  const metricsOf = ({version}: VersionWindow) =>
    window.performance?.byVersion.find(part => part.version === version)?.metrics ?? null;
  const only = window.byVersion.length === 1;
  const columns: readonly Column<VersionWindow>[] = [
    {
      id: 'version',
      title: 'Version',
      value: ({version}) => version,
      cell: ({version}) => <Go to={`/models/${encodeURIComponent(window.model)}/${version}`}>v{version}</Go>,
    },
    {
      id: 'share',
      title: 'Answered',
      number: true,
      value: ({predictions}) => predictions,
      cell: ({predictions}) => (
        <>
          {compact(predictions)} <span className="muted">{percent(predictions / Math.max(1, window.predictions))}</span>
        </>
      ),
    },
    {
      id: 'auc',
      title: 'AUC',
      number: true,
      value: part => metricsOf(part)?.auc ?? null,
      cell: part => {
        const metrics = metricsOf(part);
        return metrics === null ? (
          <span className="muted">no labels yet</span>
        ) : (
          <>
            {ratio(metrics.auc)} <span className="muted small">{interval(metrics.aucLow, metrics.aucHigh)}</span>
          </>
        );
      },
    },
    {
      id: 'mean',
      title: 'Predicted',
      number: true,
      value: part => part.meanPrediction ?? (only ? window.meanPrediction : null),
      cell: part => ratio(part.meanPrediction ?? (only ? window.meanPrediction : null)),
    },
    {
      id: 'drift',
      title: 'Drift',
      number: true,
      value: part => driftCount(part) ?? (only ? window.drift.filter(({verdict}) => verdict === 'drift').length : null),
    },
    {
      id: 'p99',
      title: 'p99',
      number: true,
      value: part => part.latencyUs?.p99 ?? (only ? (window.latencyUs?.p99 ?? null) : null),
      cell: part => micros(part.latencyUs?.p99 ?? (only ? window.latencyUs?.p99 : null)),
    },
  ];
  return (
    <DataTable
      small
      name="versions"
      title="By version"
      aside={only ? 'one version answered everything' : undefined}
      rows={window.byVersion}
      columns={columns}
      keyOf={({version}) => `${version}`}
      order="version"
    />
  );
}

const driftCount = ({drift}: VersionWindow): number | null =>
  drift ? drift.filter(({verdict, subject}) => verdict === 'drift' && subject !== 'prediction').length : null;
