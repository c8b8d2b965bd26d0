/** The features that it is about, the heaviest first, each with its distribution: reference behind, now in front. */
import type {AlertFeature, Incident, IncidentDetail} from 'millrace/protocol';
import {Histogram} from '../../../charts/histogram.tsx';
import {useDistributions} from '../../../data/queries.ts';
import {percent, ratio, signed} from '../../../format/numbers.ts';
import {useParam} from '../../../frame/url-state.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Go} from '../../../parts/page.tsx';
import {Bone} from '../../../parts/skeleton.tsx';
import type {Column} from '../../../parts/table-columns.ts';

export function RankedFeatures({detail: {incident, alerts}}: {detail: IncidentDetail}) {
  const {features, model, resolvedAt} = incident;
  const [asked, choose] = useParam('feature');
  // As it is now while it lasts, else as it was in the last window that was told of.
  const window = resolvedAt === null ? null : (alerts.findLast(alert => alert.features)?.windowId ?? null);
  const distributions = useDistributions(features.length > 0 ? model : null, window);
  if (features.length === 0) return null;
  const chosen = features.find(({feature}) => feature === asked)?.feature ?? features[0]?.feature ?? '';
  const histogram = distributions.data?.find(({feature}) => feature === chosen);
  const loss = lossOf(incident);
  const columns: readonly Column<AlertFeature>[] = [
    {id: 'feature', title: 'Feature', value: ({feature}) => feature},
    {id: 'effect', title: 'PSI', number: true, value: ({effect}) => effect, cell: ({effect}) => ratio(effect)},
    {
      id: 'importance',
      title: 'Importance',
      number: true,
      value: ({importance}) => importance,
      cell: ({importance}) => percent(importance),
    },
    {
      id: 'change',
      title: 'AUC alone',
      number: true,
      value: ({estimatedChange}) => estimatedChange,
      cell: ({estimatedChange}) => (estimatedChange === null ? '–' : signed(estimatedChange, 3)),
    },
    ...(loss === 0
      ? []
      : [
          {
            id: 'share',
            title: 'Of the loss',
            number: true as const,
            value: ({estimatedChange}: AlertFeature) => Math.abs(estimatedChange ?? 0) / loss,
            cell: ({estimatedChange}: AlertFeature) =>
              estimatedChange === null ? '–' : percent(Math.abs(estimatedChange) / loss),
          },
        ]),
    {
      id: 'show',
      title: 'Picture',
      value: ({feature}) => feature === chosen,
      cell: ({feature}) => (
        <button
          type="button"
          className="button quiet"
          aria-pressed={feature === chosen}
          aria-label={`${feature === chosen ? 'shown' : 'show'}: the distribution of ${feature}`}
          onClick={() => choose(feature)}
        >
          {feature === chosen ? 'shown' : 'show'}
        </button>
      ),
    },
  ];
  return (
    <div className="columns ranked">
      <DataTable
        small
        name="features"
        title="Features"
        aside="by effect × importance × change of the estimate"
        rows={features}
        columns={columns}
        keyOf={({feature}) => feature}
        open={({feature}) => `/features/${encodeURIComponent(feature)}`}
      />
      <section className="section" aria-label={`Distribution of ${chosen}`}>
        <div className="section-head">
          <h2>{chosen}</h2>
          <span className="aside">
            <Go to={`/features/${encodeURIComponent(chosen)}#lineage`}>its lineage</Go>
          </span>
        </div>
        {distributions.isPending ? (
          <Bone height={300} />
        ) : histogram ? (
          <Histogram
            histogram={histogram}
            title={`The reference behind, ${window === null ? 'what is served now' : 'the window of the incident'} in front`}
            height={220}
          />
        ) : (
          <p className="muted">No counts of it were kept for this window.</p>
        )}
      </section>
    </div>
  );
}

/** The estimated change, or the sum of what each feature alone changes if that is more; 0 where nothing was estimated. */
function lossOf({features, change}: Incident): number {
  const alone = features.reduce((sum, {estimatedChange}) => sum + Math.abs(estimatedChange ?? 0), 0);
  return alone === 0 ? 0 : Math.max(alone, change === null || change.measured ? 0 : Math.abs(change.value));
}
