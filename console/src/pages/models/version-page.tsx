/** A version as its model card: is it good, against what, for whom, and where it came from. */
import type {ModelVersion} from 'millrace/protocol';
import {Forest} from '../../charts/forest.tsx';
import {Reliability} from '../../charts/reliability.tsx';
import {ShareBars} from '../../charts/share-bars.tsx';
import {Await} from '../../data/await.tsx';
import {useVersion} from '../../data/queries.ts';
import {compact, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {capital} from '../../format/words.ts';
import {Page, Section} from '../../parts/page.tsx';
import {versionLevel} from '../../windows/version-status.tsx';
import {CandidatesTable} from './candidates-table.tsx';
import {Gates} from './gates.tsx';
import {ModelFigures} from './model-figures.tsx';
import {VersionLineage} from './version-lineage.tsx';
import {VersionRecord} from './version-record.tsx';

export function VersionPage({model, version}: {model: string; version: number}) {
  const read = useVersion(model, version);
  return (
    <Await reads={{version: read}} title={`${model} v${version}`}>
      {got => <VersionCard version={got.version} />}
    </Await>
  );
}

function VersionCard({version}: {version: ModelVersion}) {
  const times = useTimes();
  const {evaluation, metrics} = version;
  const chosen = evaluation.candidates.find(candidate => candidate.name === evaluation.chosen);
  const baseline = evaluation.candidates
    .filter(candidate => candidate.kind === 'baseline' && candidate.metrics.auc !== null)
    .sort((a, b) => (b.metrics.auc ?? 0) - (a.metrics.auc ?? 0))[0];
  const failed = evaluation.gates.filter(gate => !gate.passed).length;
  const overall = metrics.auc;
  const below = (chosen?.slices ?? []).filter(
    slice => overall !== null && slice.metrics.aucHigh !== null && slice.metrics.aucHigh < overall,
  );
  const bias = metrics.meanPrediction - metrics.baseRate;
  return (
    <Page
      title={`${version.model} v${version.version}`}
      crumbs={[{title: 'Models', path: `/models?model=${encodeURIComponent(version.model)}`}]}
      verdict={{
        level: versionLevel(version.status),
        sentence: `${capital(version.status)}. AUC ${ratio(overall)} on ${compact(metrics.rows)} test rows${baseline ? `, ${ratio(baseline.metrics.auc)} for ${baseline.name}` : ''}; ${failed === 0 ? `all ${evaluation.gates.length} gates passed` : `${failed} of ${plural(evaluation.gates.length, 'gate')} failed`}. Trained ${times.minute(version.createdAt)} ${times.zoneName}.`,
      }}
    >
      <ModelFigures versions={[version]} />
      <CandidatesTable evaluation={evaluation} />
      <div className="columns">
        <Section
          id="gates"
          title="Gates"
          aside={`${evaluation.gates.length - failed} of ${evaluation.gates.length} passed`}
        >
          <Gates gates={evaluation.gates} />
        </Section>
        {chosen && chosen.calibration.length > 0 && (
          <Section title="Calibration">
            <Reliability
              bins={chosen.calibration}
              title={
                Math.abs(bias) < 0.01
                  ? 'What is predicted is what comes, on the whole'
                  : `Predicts ${bias > 0 ? 'more' : 'less'} than comes: ${ratio(metrics.meanPrediction)} against ${ratio(metrics.baseRate)}`
              }
            />
          </Section>
        )}
      </div>
      <div className="columns">
        {chosen && chosen.slices.length > 0 && (
          <Section title="Slices">
            <Forest
              slices={[...chosen.slices].sort((a, b) =>
                a.feature === b.feature ? (a.metrics.auc ?? 0) - (b.metrics.auc ?? 0) : a.feature < b.feature ? -1 : 1,
              )}
              overall={overall}
              title={
                below.length === 0
                  ? 'No slice is clearly worse than the whole'
                  : `${plural(below.length, 'slice is', 'slices are')} clearly worse than the whole`
              }
            />
          </Section>
        )}
        <Section title="Features by importance" aside="share of the total">
          <ShareBars
            shares={[...version.features]
              .sort((a, b) => b.importance - a.importance)
              .map(use => ({name: use.name, share: use.importance, to: `/features/${encodeURIComponent(use.name)}`}))}
          />
        </Section>
      </div>
      <Section id="lineage" title="Lineage">
        <VersionLineage version={version} />
      </Section>
      <VersionRecord version={version} />
    </Page>
  );
}
