/** Features: what each is, who uses it, and whether it still looks like its training set. */
import {ClientError} from 'millrace/client';
import type {DefinitionRecord, FeatureRecord, Features, ModelVersion, MonitorWindow, Overview} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {
  useDefinitions,
  useFeatures,
  useFoundFeatures,
  useModel,
  useOverview,
  useVersions,
  useWindows,
} from '../../data/queries.ts';
import {compact, count, percent, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {listed} from '../../format/words.ts';
import {useParam} from '../../frame/url-state.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {Status} from '../../parts/meaning.tsx';
import {Page} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {DRIFT_LEVEL, drifting, reportOf} from '../../windows/drift.ts';
import {DefinitionChanges} from './definition-changes.tsx';
import {FeatureSearch} from './feature-search.tsx';
import {readable} from './readable.ts';

export function FeaturesPage() {
  const features = useFeatures();
  const overview = useOverview();
  const versions = useVersions();
  const definitions = useDefinitions();
  const {model} = useModel();
  const windows = useWindows(model);
  return (
    <Await reads={{features, overview, versions, definitions}} title="Features">
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
  readonly definitions: readonly DefinitionRecord[];
  readonly windows: readonly MonitorWindow[];
  readonly model: string | null;
};

function FeaturesContent({features, overview, versions, definitions, windows, model}: ContentProps) {
  const times = useTimes();
  const [q, search] = useParam('q');
  const found = useFoundFeatures(q ?? '');
  const rows = q === null ? features : (found.data ?? features);
  const newest = windows.at(-1);
  const moved = drifting(newest);
  const champion = overview.models.find(summary => summary.model === model)?.champion;
  const serving = versions.find(version => version.model === model && version.version === champion);
  const importance = new Map(serving?.features.map(use => [use.name, use.importance]));
  const unused = features.filter(feature => feature.usedBy.length === 0).length;
  const personal = features.filter(feature => feature.about.sensitivity === 'personal');
  const readers = [...new Set(personal.flatMap(feature => feature.usedBy))];
  const {consistency} = overview;
  const columns: readonly Column<FeatureRecord>[] = [
    {id: 'feature', title: 'Feature', value: feature => feature.name},
    {id: 'definition', title: 'Definition', value: feature => readable(feature.definition)},
    {
      id: 'view',
      title: 'View',
      value: feature => feature.view,
      cell: ({view, version}) => (
        <>
          {view ?? 'request'} {version !== null && <span className="muted">v{version}</span>}
        </>
      ),
    },
    {id: 'window', title: 'Window', value: feature => feature.window},
    {id: 'type', title: 'Type', value: feature => feature.type},
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
    {id: 'source', title: 'From', value: feature => feature.source},
    {
      id: 'usedBy',
      title: 'Used by',
      value: feature => feature.usedBy.join(', ') || null,
      cell: feature => feature.usedBy.join(', ') || <Status level="unknown" word="nobody" />,
    },
    {id: 'owner', title: 'Owner', value: feature => feature.about.owner || null, extra: true},
    {id: 'entity', title: 'Per', value: feature => feature.entity ?? 'request', extra: true},
    {id: 'tags', title: 'Tags', value: feature => feature.about.tags.join(', ') || null, extra: true},
    {id: 'sensitivity', title: 'Sensitivity', value: feature => feature.about.sensitivity, extra: true},
    {id: 'description', title: 'Description', value: feature => feature.about.description || null, extra: true},
  ];
  const agree =
    consistency === null || consistency.values === 0
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
          title="Personal data"
          value={count(personal.length)}
          note={readers.length === 0 ? 'no model reads such' : `read by ${listed(readers)}`}
          {...(personal.length === 0 ? {} : {to: '/features?q=sensitivity:personal'})}
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
            value={consistency.values > 0 ? compact(consistency.mismatches) : '–'}
            note={consistency.values > 0 ? `of ${compact(consistency.values)} values` : 'nothing compared yet'}
            to="/monitoring/consistency"
          />
        )}
      </Figures>
      <DefinitionChanges definitions={definitions} />
      <DataTable
        name="features"
        title="Catalogue"
        aside={
          q === null ? plural(features.length, 'feature') : `${rows.length} of ${plural(features.length, 'feature')}`
        }
        above={<FeatureSearch features={features} text={q ?? ''} search={search} problem={problemOf(found.error)} />}
        rows={rows}
        columns={columns}
        keyOf={feature => feature.name}
        open={feature => `/features/${encodeURIComponent(feature.name)}`}
        {...(q === null ? {order: '-importance'} : {})}
      />
      {rows.length === 0 && (
        <p className="muted" role="status">
          No feature has all of this. Use fewer words, or clear a filter.
        </p>
      )}
    </Page>
  );
}

/** Why a search could not be answered, and what to do. */
function problemOf(error: Error | null): string | null {
  if (error === null) return null;
  return error instanceof ClientError && error.fix ? `${error.message} ${error.fix}` : error.message;
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
