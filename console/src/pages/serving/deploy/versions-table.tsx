/** The versions that could answer, and the ways to make one of them do so. */
import type {ModelDetail, ModelVersion} from 'millrace/protocol';
import {useState} from 'react';
import {interval, ratio} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Status} from '../../../parts/meaning.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {VersionStatusWord} from '../../../windows/version-status.tsx';
import {Deploy} from './deploy.tsx';
import {rolloutOf, verbOf} from './deploy-words.ts';

export function VersionsTable({detail}: {detail: ModelDetail}) {
  const times = useTimes();
  const [chosen, setChosen] = useState<number | null>(null);
  const rollout = rolloutOf(detail);
  const columns: readonly Column<ModelVersion>[] = [
    {id: 'version', title: 'Version', value: version => version.version, cell: version => `v${version.version}`},
    {
      id: 'status',
      title: 'Status',
      value: version => version.status,
      cell: version => <VersionStatusWord status={version.status} />,
    },
    {
      id: 'act',
      title: 'Deploy',
      value: version => version.evaluation.passed,
      cell: version =>
        version.status === 'champion' ? (
          <span className="muted">answers now</span>
        ) : version.evaluation.passed ? (
          <button
            type="button"
            className="button"
            disabled={rollout !== null}
            {...(rollout === null ? {} : {'aria-describedby': 'rollout'})}
            onClick={() => setChosen(version.version)}
          >
            {verbOf(version, detail)} v{version.version}…
          </button>
        ) : (
          <span className="muted">gates failed</span>
        ),
    },
    {
      id: 'auc',
      title: 'AUC (test)',
      number: true,
      value: version => version.metrics.auc,
      cell: ({metrics}) => (
        <>
          {ratio(metrics.auc)} <span className="muted small">{interval(metrics.aucLow, metrics.aucHigh)}</span>
        </>
      ),
    },
    {
      id: 'gates',
      title: 'Gates',
      value: ({evaluation}) =>
        `${evaluation.gates.filter(gate => gate.passed).length} of ${evaluation.gates.length} passed`,
    },
    {
      id: 'created',
      title: `Trained (${times.zoneName})`,
      value: version => version.createdAt,
      cell: version => times.minute(version.createdAt),
    },
  ];
  const version = detail.versions.find(each => each.version === chosen);
  return (
    <>
      <DataTable
        name="deployable"
        title="Versions"
        aside="one that passed its gates can answer"
        above={
          rollout !== null && (
            <p id="rollout" className="above">
              <Status level="watch" word={`${rollout}: deploys wait until it is promoted or rejected.`} />
            </p>
          )
        }
        rows={detail.versions}
        columns={columns}
        keyOf={each => String(each.version)}
        open={each => `/models/${encodeURIComponent(each.model)}/${each.version}`}
        order="-version"
      />
      {version && <Deploy key={version.version} version={version} detail={detail} close={() => setChosen(null)} />}
    </>
  );
}
