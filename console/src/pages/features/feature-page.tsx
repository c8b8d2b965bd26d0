/** One feature: is it healthy, what changed, why, what to do; then what that was told from, panel by panel. */
import type {FeatureDetail, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useFeature, useFeatures, useModel, useModelDetail, useSummary, useWindows} from '../../data/queries.ts';
import {count, percent, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {capital} from '../../format/words.ts';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Page} from '../../parts/page.tsx';
import {DRIFT_LEVEL, reportOf} from '../../windows/drift.ts';
import {NotFound} from '../not-found.tsx';
import {AboutPanel} from './panels/about-panel.tsx';
import {DriftPanel} from './panels/drift-panel.tsx';
import {FourQuestions} from './panels/four-questions.tsx';
import {LineagePanel} from './panels/lineage-panel.tsx';
import {ReadersPanel} from './panels/readers-panel.tsx';
import {ValuesPanel} from './panels/values-panel.tsx';
import {VersionsPanel} from './panels/versions-panel.tsx';
import {readable} from './readable.ts';

export function FeaturePage({name}: {name: string}) {
  const features = useFeatures();
  return (
    <Await reads={{features}} title={name}>
      {got =>
        got.features.some(candidate => candidate.name === name) ? (
          <FoundFeature name={name} />
        ) : (
          <NotFound what={`a feature ‘${name}’`} place="/features" />
        )
      }
    </Await>
  );
}

function FoundFeature({name}: {name: string}) {
  const detail = useFeature(name);
  const {model} = useModel();
  const windows = useWindows(model);
  const served = useModelDetail(model);
  return (
    <Await reads={{detail}} title={name}>
      {got => (
        <FeatureContent detail={got.detail} model={model} windows={windows.data ?? []} served={served.data ?? null} />
      )}
    </Await>
  );
}

type ContentProps = {
  readonly detail: FeatureDetail;
  readonly model: string | null;
  readonly windows: readonly MonitorWindow[];
  readonly served: ModelDetail | null;
};

function FeatureContent({detail, model, windows, served}: ContentProps) {
  const {feature, definition} = detail;
  const summary = useSummary().data;
  const consistency = summary?.consistency?.features.find(candidate => candidate.feature === feature.name);
  const mismatches = consistency && consistency.compared > 0 ? consistency.mismatches : null;
  const report = reportOf(windows.at(-1), feature.name);
  return (
    <Page
      title={feature.name}
      crumbs={[{title: 'Features', path: '/features'}]}
      verdict={{
        level: mismatches ? 'bad' : report ? DRIFT_LEVEL[report.verdict] : 'unknown',
        sentence: meaningOf(detail),
      }}
    >
      <FourQuestions detail={detail} windows={windows} mismatches={mismatches} />
      <FeatureFigures detail={detail} windows={windows} served={served} consistency={consistency ?? null} />
      <ValuesPanel detail={detail} />
      <DriftPanel feature={feature} model={model} windows={windows} detail={served} />
      <div className="columns">
        <AboutPanel detail={detail} />
        <VersionsPanel definition={definition} />
      </div>
      <LineagePanel detail={detail} />
      <ReadersPanel detail={detail} />
    </Page>
  );
}

type FigureProps = Omit<ContentProps, 'model'> & {
  readonly consistency: {readonly mismatches: number; readonly compared: number} | null;
};

function FeatureFigures({detail: {feature, definition}, windows, served, consistency}: FigureProps) {
  const times = useTimes();
  const newest = windows.at(-1);
  const report = reportOf(newest, feature.name);
  const champion = served?.versions.find(version =>
    served.plan?.arms.some(arm => arm.role === 'champion' && arm.version === version.version),
  );
  const use = champion?.features.find(candidate => candidate.name === feature.name);
  const rank = use && champion && champion.features.filter(other => other.importance > use.importance).length + 1;
  return (
    <Figures>
      <Figure
        title="Drift (PSI)"
        value={ratio(report?.effect)}
        trend={windows.map(window => reportOf(window, feature.name)?.effect ?? null)}
        note={
          report && newest
            ? `window of ${times.short(newest.from)}, n ${count(report.rows)}`
            : newest
              ? 'left out of monitoring'
              : 'not monitored yet'
        }
      />
      <Figure
        title="Share of gain"
        value={percent(use?.importance)}
        note={
          rank && champion
            ? `${rank}. of ${champion.features.length} in v${champion.version}`
            : 'not used by the champion'
        }
      />
      <Figure
        title="Window"
        value={feature.window ?? '–'}
        note={
          feature.origin === 'aggregation'
            ? `of ${feature.source ?? 'events'}, per ${feature.entity}`
            : 'comes with the request'
        }
      />
      <Figure
        title="Version"
        value={feature.version === null ? '–' : `v${feature.version}`}
        note={definition ? `of ${definition.name}, since ${times.short(definition.currentSince)}` : 'none was kept yet'}
      />
      {consistency && (
        <Figure
          title="Served ≠ recomputed"
          value={consistency.compared > 0 ? count(consistency.mismatches) : '–'}
          note={consistency.compared > 0 ? `of ${count(consistency.compared)} values` : 'nothing compared yet'}
          to="/monitoring/consistency"
        />
      )}
    </Figures>
  );
}

/** `Inbound, per airport: mean(delay > 15) over 2h.` */
function meaningOf({feature: {definition, view, entity}}: FeatureDetail): string {
  const words = readable(definition);
  return `${view === null || entity === null ? capital(words) : `${capital(view)}, per ${entity}: ${words}`}.`;
}
