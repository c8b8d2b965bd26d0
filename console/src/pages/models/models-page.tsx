/** Models: every version with its status and figures; two or more side by side. */
import type {ModelVersion} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useModel, useModelDetail, useVersions} from '../../data/queries.ts';
import {compact, interval, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {useParam} from '../../frame/url-state.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {ModelChoice} from '../../parts/model-choice.tsx';
import {Page, Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {VersionStatusWord} from '../../windows/version-status.tsx';
import {Compare} from './compare.tsx';
import {ModelFigures} from './model-figures.tsx';

export function ModelsPage() {
  const versions = useVersions();
  const {model} = useModel();
  return (
    <Await reads={{versions}} title="Models">
      {got =>
        got.versions.length === 0 ? (
          <Page title="Models" verdict={{level: 'unknown', sentence: 'No model has been trained yet.'}}>
            <Empty
              title="Versions will stand here"
              text="Each with its metrics beside baselines, its gates, its data hash and its lineage."
              command="npx millrace train"
              docs="docs/rooms/registry.md"
            />
          </Page>
        ) : (
          <ModelsContent versions={got.versions} model={model} />
        )
      }
    </Await>
  );
}

function ModelsContent({versions, model}: {versions: readonly ModelVersion[]; model: string | null}) {
  const times = useTimes();
  const own = versions.filter(version => version.model === model);
  const champion = own.find(version => version.status === 'champion');
  const detail = useModelDetail(model).data;
  const [compared, setCompared] = useParam('compare');
  const chosen = compared === null ? own.map(version => version.version) : compared.split(',').map(Number);
  const toggle = (version: number) => {
    const next = chosen.includes(version)
      ? chosen.filter(other => other !== version)
      : [...chosen, version].sort((a, b) => a - b);
    setCompared(next.length === own.length ? null : next.join(','));
  };
  const columns: readonly Column<ModelVersion>[] = [
    {id: 'version', title: 'Version', value: version => version.version, cell: version => `v${version.version}`},
    {
      id: 'status',
      title: 'Status',
      value: version => version.status,
      cell: version => <VersionStatusWord status={version.status} />,
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
      id: 'logLoss',
      title: 'Log loss',
      number: true,
      value: version => version.metrics.logLoss,
      cell: version => ratio(version.metrics.logLoss, 4),
    },
    {
      id: 'prAuc',
      title: 'PR-AUC',
      number: true,
      value: version => version.metrics.prAuc,
      cell: version => ratio(version.metrics.prAuc),
    },
    {
      id: 'ece',
      title: 'ECE',
      number: true,
      value: version => version.metrics.ece,
      cell: version => ratio(version.metrics.ece),
    },
    {
      id: 'gates',
      title: 'Gates',
      value: version => version.evaluation.passed,
      cell: version =>
        `${version.evaluation.gates.filter(gate => gate.passed).length} of ${version.evaluation.gates.length} passed`,
    },
    {
      id: 'rows',
      title: 'Rows',
      number: true,
      value: version => version.dataset.rows,
      cell: version => compact(version.dataset.rows),
    },
    {
      id: 'created',
      title: `Trained (${times.zoneName})`,
      value: version => version.createdAt,
      cell: version => times.minute(version.createdAt),
    },
    {
      id: 'brier',
      title: 'Brier',
      number: true,
      value: version => version.metrics.brier,
      cell: version => ratio(version.metrics.brier, 4),
      extra: true,
    },
    {id: 'algorithm', title: 'Algorithm', value: version => version.algorithm, extra: true},
  ];
  return (
    <Page
      title={model ?? 'Models'}
      verdict={{
        level: champion ? 'good' : 'unknown',
        sentence:
          `${detail?.description ?? ''} ${champion ? `v${champion.version} is champion with AUC ${ratio(champion.metrics.auc)} on its test set` : 'No version is champion'}; ${plural(own.length, 'version')} in all.`.trim(),
      }}
    >
      <ModelChoice />
      <ModelFigures versions={own} />
      <DataTable
        name="versions"
        title="Versions"
        rows={own}
        columns={columns}
        keyOf={version => `${version.model}/${version.version}`}
        open={version => `/models/${encodeURIComponent(version.model)}/${version.version}`}
        order="-version"
      />
      <Section
        title="Side by side"
        aside="on each version's own test split"
        tools={[...own].reverse().map(version => (
          <label key={version.version} className="button quiet">
            <input
              type="checkbox"
              checked={chosen.includes(version.version)}
              onChange={() => toggle(version.version)}
            />{' '}
            v{version.version}
          </label>
        ))}
      >
        <Compare
          versions={own.filter(version => chosen.includes(version.version)).sort((a, b) => a.version - b.version)}
        />
      </Section>
      {detail && detail.policy.length > 0 && (
        <Section title="The written rules">
          <ol className="rules">
            {detail.policy.map(rule => (
              <li key={rule}>{rule}</li>
            ))}
          </ol>
        </Section>
      )}
    </Page>
  );
}
