/** One row a feature or field: did it move, by how much, beyond chance or not, and does it matter. */
import type {DriftReport, MonitorWindow} from 'millrace/protocol';
import {Sparkline} from '../../../charts/sparkline.tsx';
import {count, percent, ratio, significant} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Status} from '../../../parts/meaning.tsx';
import {Go} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {DRIFT_LEVEL} from '../../../windows/drift.ts';
import type {Importances} from '../../../windows/important.ts';

type Props = {
  readonly name: string;
  readonly title: string;
  readonly aside: string;
  readonly reports: readonly DriftReport[];
  /** Null: they are no features, so that no version weighs them. */
  readonly importances: Importances | null;
  readonly windows: readonly MonitorWindow[];
  readonly reportsOf: (window: MonitorWindow) => readonly DriftReport[];
};

export function DriftTable({name, title, aside, reports, importances, windows, reportsOf}: Props) {
  const trends = new Map(reports.map(({subject}) => [subject, [] as (number | null)[]]));
  for (const window of windows) {
    const effects = new Map(reportsOf(window).map(report => [report.subject, effectOf(report)]));
    for (const [subject, trend] of trends) trend.push(effects.get(subject) ?? null);
  }
  const columns: readonly Column<DriftReport>[] = [
    {
      id: 'subject',
      title: importances ? 'Feature' : 'Field',
      value: ({subject}) => subject,
      ...(importances
        ? {cell: ({subject}: DriftReport) => <Go to={`/features/${encodeURIComponent(subject)}`}>{subject}</Go>}
        : {}),
    },
    {
      id: 'verdict',
      title: 'Verdict',
      value: ({verdict, severe}) => (severe ? `${verdict}, severe` : verdict),
      cell: report => <Verdict report={report} matters={importances?.matters(report.subject) ?? true} />,
    },
    {id: 'effect', title: 'PSI', number: true, value: effectOf, cell: report => ratio(effectOf(report))},
    {id: 'p', title: 'p', number: true, value: ({pValue}) => pValue, cell: ({pValue}) => pWords(pValue)},
    {
      id: 'rows',
      title: 'Rows / needed',
      number: true,
      value: ({rows}) => rows,
      cell: ({rows, needed}) => (
        <>
          {count(rows)} <span className="muted">/ {needed === null ? 'the reference has too few' : count(needed)}</span>
        </>
      ),
    },
    ...(importances
      ? [
          {
            id: 'importance',
            title: 'Importance',
            number: true as const,
            value: ({subject}: DriftReport) => importances.of(subject),
            cell: ({subject}: DriftReport) => percent(importances.of(subject)),
          },
        ]
      : []),
    {
      id: 'nulls',
      title: 'Null, then → now',
      number: true,
      value: ({nullShare}) => nullShare?.current ?? null,
      cell: ({nullShare}) =>
        nullShare ? (
          <>
            <span className="muted">{percent(nullShare.reference)} →</span> {percent(nullShare.current)}
          </>
        ) : (
          '–'
        ),
    },
    {
      id: 'trend',
      title: `PSI over ${count(windows.length)} windows`,
      value: ({subject}) =>
        (trends.get(subject) ?? []).map(effect => (effect === null ? '' : effect.toFixed(4))).join(' '),
      cell: ({subject}) => <Sparkline values={trends.get(subject) ?? []} width={132} />,
    },
  ];
  return (
    <DataTable
      name={name}
      title={title}
      aside={aside}
      rows={inOrder(reports, importances)}
      columns={columns}
      keyOf={({subject}) => subject}
    />
  );
}

function Verdict({report: {verdict, severe}, matters}: {report: DriftReport; matters: boolean}) {
  if (verdict !== 'drift') return <Status level={DRIFT_LEVEL[verdict]} word={verdict} />;
  if (!matters) return <Status level="unknown" word={`${severe ? 'severe ' : ''}drift, does not matter`} />;
  return <Status level={severe ? 'bad' : 'watch'} word={severe ? 'severe drift' : 'drift'} />;
}

/** Too few rows measure nothing. */
const effectOf = ({verdict, effect}: DriftReport): number | null => (verdict === 'insufficient data' ? null : effect);

const pWords = (p: number): string => (p < 1e-12 ? '< 10⁻¹²' : significant(p));

/** What drifts first, then what is too small to tell, by effect × importance. */
function inOrder(reports: readonly DriftReport[], importances: Importances | null): readonly DriftReport[] {
  const group = {drift: 0, stable: 1, 'insufficient data': 2} as const;
  const weight = ({subject, effect}: DriftReport) => effect * (importances?.of(subject) ?? 1);
  return [...reports].sort((a, b) => group[a.verdict] - group[b.verdict] || weight(b) - weight(a));
}
