/** Features: what each is, who uses it, and whether it still looks like its training set. */
import type {FeatureRecord, Features, ModelVersion, MonitorWindow, Overview} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useFeatures, useModel, useOverview, useVersions, useWindows} from '../../data/queries.ts';
import {compact, count, percent, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Status} from '../../parts/meaning.tsx';
import {Page} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {DRIFT_LEVEL, drifting, listed, reportOf} from '../../windows/drift.ts';
import {readable} from './readable.ts';

export function FeaturesPage() {
  const features = useFeatures();
  const overview = useOverview();
  const versions = useVersions();
  const {model} = useModel();
  const windows = useWindows(model);
  return (
    <Await reads={{features, overview, versions}} title="Features">
      {got =>
        got.features.length === 0 ? (
          <Page title="Features" verdict={{level: 'unknown', sentence: 'No feature has been computed yet.'}}>
            <Empty
              title="Features will stand here"
              text="Each with its definition in words, its window, who uses it, and how its distribution moves."
              command="npx millrace features"
              docs="docs/rooms/features.md"
            />
          </Page>
        ) : (
          <FeaturesContent {...got} windows={windows.data ?? []} model={model} />
        )
      }
    </Await>
  );
}

type ContentProps = {
  readonly features: Features;
  readonly overview: Overview;
  readonly versions: readonly ModelVersion[];
  readonly windows: readonly MonitorWindow[];
  readonly model: string | null;
};

function FeaturesContent({features, overview, versions, windows, model}: ContentProps) {
  const times = useTimes();
  const newest = windows.at(-1);
  const moved = drifting(newest);
  const champion = overview.models.find(summary => summary.model === model)?.champion;
  const serving = versions.find(version => version.model === model && version.version === champion);
  const importance = new Map(serving?.features.map(use => [use.name, use.importance]));
  const unused = features.filter(feature => feature.usedBy.length === 0).length;
  const {consistency} = overview;
  const columns: readonly Column<FeatureRecord>[] = [
    {id: 'feature', title: 'Feature', value: feature => feature.name},
    {id: 'definition', title: 'Definition', value: feature => readable(feature.definition)},
    {id: 'view', title: 'Group', value: feature => feature.view},
    {id: 'entity', title: 'Per', value: feature => feature.entity ?? 'request'},
    {id: 'window', title: 'Window', value: feature => feature.window},
    {
      id: 'importance',
      title: serving ? `Gain in v${serving.version}` : 'Gain',
      number: true,
      value: feature => importance.get(feature.name) ?? null,
      cell: feature => percent(importance.get(feature.name)),
    },
    {
      id: 'drift',
      title: newest ? `Drift, ${times.short(newest.from)}` : 'Drift',
      value: feature => reportOf(newest, feature.name)?.effect ?? null,
      cell: feature => <Drift window={newest} feature={feature.name} />,
    },
    {id: 'usedBy', title: 'Used by', value: feature => feature.usedBy.join(', ') || null, extra: true},
    {id: 'type', title: 'Type', value: feature => feature.type, extra: true},
    {id: 'source', title: 'From', value: feature => feature.source},
  ];
  const agree =
    consistency === null
      ? ''
      : ` ${consistency.mismatches === 0 ? 'All' : `${count(consistency.mismatches)} of`} ${compact(consistency.values)} served values ${consistency.mismatches === 0 ? 'equal' : 'differ from'} what the event log gives.`;
  return (
    <Page
      title="Features"
      verdict={{
        level:
          consistency !== null && consistency.mismatches > 0
            ? 'bad'
            : moved.length > 0
              ? 'watch'
              : newest
                ? 'good'
                : 'unknown',
        sentence: `${plural(features.length, 'feature')}; ${newest ? (moved.length === 0 ? 'none drifts in the newest window.' : `${listed(moved.map(report => report.subject))} ${moved.length === 1 ? 'drifts' : 'drift'} in the newest window.`) : 'none has been monitored yet.'}${agree}`,
      }}
    >
      <Figures>
        <Figure
          title="Features"
          value={count(features.length)}
          note={unused === 0 ? 'all are used' : `${unused} unused`}
        />
        <Figure
          title="Live aggregations"
          value={count(features.filter(feature => feature.origin === 'aggregation').length)}
          note="kept up to date by events"
        />
        <Figure
          title="Drifting"
          value={newest ? count(moved.length) : '–'}
          trend={windows.map(window => drifting(window).length)}
          note={newest ? `window of ${times.short(newest.from)}` : 'not monitored yet'}
          to="/monitoring"
        />
        {consistency && (
          <Figure
            title="Served ≠ recomputed"
            value={compact(consistency.mismatches)}
            note={`of ${compact(consistency.values)} values`}
          />
        )}
      </Figures>
      <DataTable
        name="features"
        title="Catalogue"
        rows={features}
        columns={columns}
        keyOf={feature => feature.name}
        open={feature => `/features/${encodeURIComponent(feature.name)}`}
        order="-importance"
      />
    </Page>
  );
}

function Drift({window, feature}: {window: MonitorWindow | undefined; feature: string}) {
  const report = reportOf(window, feature);
  if (!report) return <span className="muted">not monitored</span>;
  return (
    <>
      <Status level={DRIFT_LEVEL[report.verdict]} word={report.verdict} />{' '}
      <span className="muted small">PSI {ratio(report.effect)}</span>
    </>
  );
}
