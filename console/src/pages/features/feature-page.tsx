/** One feature: how it looks against its training set, and how that moved. */
import type {FeatureHistogram, FeatureRecord, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {Histogram} from '../../charts/histogram.tsx';
import {TimeChart} from '../../charts/time-chart.tsx';
import {Await} from '../../data/await.tsx';
import {useDistributions, useFeatures, useModel, useModelDetail, useSummary, useWindows} from '../../data/queries.ts';
import {count, percent, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {useRange, within} from '../../frame/range.ts';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import {Bone} from '../../parts/skeleton.tsx';
import {capital, DRIFT_LEVEL, reportOf} from '../../windows/drift.ts';
import {extentOf, marksOf, middle} from '../../windows/timeline.ts';
import {NotFound} from '../not-found.tsx';
import {readable} from './readable.ts';

export function FeaturePage({name}: {name: string}) {
  const features = useFeatures();
  const {model} = useModel();
  const windows = useWindows(model);
  const detail = useModelDetail(model);
  return (
    <Await reads={{features}} title={name}>
      {got => {
        const feature = got.features.find(candidate => candidate.name === name);
        if (!feature) return <NotFound what={`a feature ‘${name}’`} place="/features" />;
        return (
          <FeatureContent feature={feature} model={model} windows={windows.data ?? []} detail={detail.data ?? null} />
        );
      }}
    </Await>
  );
}

type ContentProps = {
  readonly feature: FeatureRecord;
  readonly model: string | null;
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail | null;
};

function FeatureContent({feature, model, windows, detail}: ContentProps) {
  const times = useTimes();
  const {range} = useRange();
  const distributions = useDistributions(model, windows.at(-1)?.id ?? null);
  const histogram = distributions.data?.find(candidate => candidate.feature === feature.name) ?? null;
  const newest = windows.at(-1);
  const report = reportOf(newest, feature.name);
  const champion = detail?.versions.find(version =>
    detail.plan?.arms.some(arm => arm.role === 'champion' && arm.version === version.version),
  );
  const use = champion?.features.find(candidate => candidate.name === feature.name);
  const rank =
    champion === undefined || use === undefined
      ? null
      : champion.features.filter(other => other.importance > use.importance).length + 1;
  const consistency = useSummary().data?.consistency?.features.find(candidate => candidate.feature === feature.name);
  const shown = within(windows, range);
  return (
    <Page
      title={feature.name}
      crumbs={[{title: 'Features', path: '/features'}]}
      verdict={{
        level: report ? DRIFT_LEVEL[report.verdict] : 'unknown',
        sentence: `${meaningOf(feature)}. ${report ? `${report.verdict === 'stable' ? 'Stable' : report.verdict === 'drift' ? 'Drifts' : 'Too few rows to judge drift'} in the newest window (PSI ${ratio(report.effect)}, n\u00a0${count(report.rows)})` : newest ? 'Drift of it is not monitored' : 'Not monitored yet'}${use && champion ? `; carries ${percent(use.importance)} of the gain of v${champion.version}` : ''}.`,
      }}
    >
      <Figures>
        <Figure
          title="Drift (PSI)"
          value={ratio(report?.effect)}
          trend={windows.map(window => reportOf(window, feature.name)?.effect ?? null)}
          note={
            report && newest
              ? `window of ${times.short(newest.from)}`
              : newest
                ? 'left out of monitoring'
                : 'not monitored yet'
          }
        />
        <Figure
          title="Share of gain"
          value={percent(use?.importance)}
          note={
            rank === null || !champion
              ? 'not used by the champion'
              : `${rank}. of ${champion.features.length} in v${champion.version}`
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
        {consistency && (
          <Figure
            title="Served ≠ recomputed"
            value={count(consistency.mismatches)}
            note={`of ${count(consistency.compared)} values`}
          />
        )}
      </Figures>
      <Section title="Distribution" aside={newest && `training set against ${times.day(newest.from)}`}>
        {distributions.isPending && model !== null ? (
          <Bone height={300} />
        ) : histogram ? (
          <Histogram histogram={histogram} title={distributionTitle(histogram, report?.verdict ?? null)} />
        ) : (
          <p className="muted">
            No window has been monitored for this feature, so there is nothing to compare with its training set.
          </p>
        )}
      </Section>
      {detail && shown.some(window => reportOf(window, feature.name)) && (
        <Section title="Drift over time" aside={plural(shown.length, 'window')}>
          <DriftChart feature={feature.name} windows={shown} detail={detail} />
        </Section>
      )}
      <Section title="Where it comes from">
        <dl className="facts">
          <dt>Definition</dt>
          <dd>{readable(feature.definition)}</dd>
          <dt>Type</dt>
          <dd>{feature.type}</dd>
          <dt>Source</dt>
          <dd>
            {feature.source === null ? (
              'the request'
            ) : (
              <Go to={`/data/${encodeURIComponent(feature.source)}`}>{feature.source}</Go>
            )}
          </dd>
          <dt>Group</dt>
          <dd>{feature.view ?? '–'}</dd>
          <dt>Used by</dt>
          <dd>
            {feature.usedBy.length === 0
              ? 'no model'
              : feature.usedBy.map(user => (
                  <Go key={user} to={`/models?model=${encodeURIComponent(user)}`}>
                    {user}
                  </Go>
                ))}
          </dd>
        </dl>
      </Section>
    </Page>
  );
}

/** `Inbound, per airport: mean(delay > 15) over 2h`. */
function meaningOf({definition, view, entity}: FeatureRecord): string {
  const words = readable(definition);
  return view === null || entity === null ? capital(words) : `${capital(view)}, per ${entity}: ${words}`;
}

function distributionTitle({kind}: FeatureHistogram, verdict: string | null): string {
  const what = kind === 'numeric' ? 'Values' : 'Categories';
  return verdict === 'drift'
    ? `${what} have moved away from the training set`
    : verdict === 'stable'
      ? `${what} look like the training set`
      : `${what} against the training set`;
}

function DriftChart({
  feature,
  windows,
  detail,
}: {
  feature: string;
  windows: readonly MonitorWindow[];
  detail: ModelDetail;
}) {
  const times = useTimes();
  const {brush} = useRange();
  const reports = windows.map(window => reportOf(window, feature));
  const drifted = reports.filter(report => report?.verdict === 'drift').length;
  return (
    <TimeChart
      title={drifted === 0 ? 'Never drifted in these windows' : `Drifted in ${drifted} of ${windows.length} windows`}
      axis="de-biased PSI against the training set; from 0"
      times={windows.map(middle)}
      series={[
        {
          label: 'PSI',
          values: reports.map(report =>
            report === null || report.verdict === 'insufficient data' ? null : report.effect,
          ),
          colour: '--accent',
        },
      ]}
      marks={marksOf(detail, [])}
      extent={extentOf(windows)}
      zero
      format={(value, step) => ratio(value, step < 0.01 ? 3 : 2)}
      readout={i => {
        const report = reports[i];
        return `${times.day(windows[i]?.from ?? null)} ${times.zoneName}: ${report ? `${report.verdict}, PSI ${ratio(report.effect)}, n\u00a0${count(report.rows)}` : 'not measured'}`;
      }}
      sync={`feature ${feature}`}
      onBrush={brush}
    />
  );
}
