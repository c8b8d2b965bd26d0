import type {CandidateReport, EvaluationReport} from 'millrace/protocol';
import {compact, interval, ratio} from '../../format/numbers.ts';
import {DataTable} from '../../parts/data-table.tsx';
import type {Column} from '../../parts/table-columns.ts';

/** All that predicted on the test split: models, baselines, and the incumbent where there was one. */
export function CandidatesTable({evaluation}: {evaluation: EvaluationReport}) {
  const test = evaluation.splits.find(split => split.name === 'test');
  const columns: readonly Column<CandidateReport>[] = [
    {
      id: 'candidate',
      title: 'Candidate',
      value: candidate => candidate.name,
      cell: candidate =>
        candidate.name === evaluation.chosen ? <strong>{candidate.name} (chosen)</strong> : candidate.name,
    },
    {id: 'kind', title: 'Kind', value: candidate => candidate.kind},
    {
      id: 'auc',
      title: 'AUC',
      number: true,
      value: candidate => candidate.metrics.auc,
      cell: ({metrics}) => (
        <>
          {ratio(metrics.auc)} <span className="muted small">{interval(metrics.aucLow, metrics.aucHigh)}</span>
        </>
      ),
    },
    {
      id: 'logLoss',
      title: 'Log loss',
      number: true,
      value: candidate => candidate.metrics.logLoss,
      cell: candidate => ratio(candidate.metrics.logLoss, 4),
    },
    {
      id: 'prAuc',
      title: 'PR-AUC',
      number: true,
      value: candidate => candidate.metrics.prAuc,
      cell: candidate => ratio(candidate.metrics.prAuc),
    },
    {
      id: 'brier',
      title: 'Brier',
      number: true,
      value: candidate => candidate.metrics.brier,
      cell: candidate => ratio(candidate.metrics.brier, 4),
    },
    {
      id: 'ece',
      title: 'ECE',
      number: true,
      value: candidate => candidate.metrics.ece,
      cell: candidate => ratio(candidate.metrics.ece),
    },
    {
      id: 'mean',
      title: 'Mean prediction',
      number: true,
      value: candidate => candidate.metrics.meanPrediction,
      cell: candidate => ratio(candidate.metrics.meanPrediction),
    },
  ];
  return (
    <DataTable
      name="candidates"
      title="Against baselines"
      aside={
        test && `test split, ${compact(test.rows)} rows, base rate ${ratio(test.positives / Math.max(1, test.rows))}`
      }
      rows={evaluation.candidates}
      columns={columns}
      keyOf={candidate => candidate.name}
      order="-auc"
    />
  );
}
