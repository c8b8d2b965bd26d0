import type {ConsistencyRun, FeatureSkew} from 'millrace/protocol';
import {count, significant} from '../../format/numbers.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Status} from '../../parts/meaning.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {differing} from './verdict.ts';

const counted = (id: string, title: string, of: (feature: FeatureSkew) => number): Column<FeatureSkew> => ({
  id,
  title,
  number: true,
  value: of,
  cell: feature => count(of(feature)),
});

const COLUMNS: readonly Column<FeatureSkew>[] = [
  {id: 'feature', title: 'Feature', value: feature => feature.feature},
  {
    id: 'state',
    title: 'State',
    value: differing,
    cell: feature =>
      differing(feature) === 0 ? <Status level="good" word="equal" /> : <Status level="bad" word="differs" />,
  },
  counted('mismatch', 'Mismatch', feature => feature.mismatches),
  counted('missing', 'Missing', feature => feature.missing),
  counted('extra', 'Extra', feature => feature.extra),
  {
    id: 'smape',
    title: 'Distance (SMAPE)',
    number: true,
    value: feature => feature.smape,
    cell: feature => significant(feature.smape),
  },
  {
    id: 'largest',
    title: 'Largest',
    number: true,
    value: feature => (feature.smape === null ? null : feature.maxDifference),
    cell: feature => significant(feature.smape === null ? null : feature.maxDifference),
  },
  counted('compared', 'Compared', feature => feature.compared),
];

export function FeatureTable({run}: {run: ConsistencyRun}) {
  return (
    <DataTable
      name="features"
      title="By feature"
      aside={`run ${run.number}; missing: served null, extra: served a value where the log gives null`}
      rows={run.features}
      columns={COLUMNS}
      keyOf={feature => feature.feature}
      open={feature => `/features/${encodeURIComponent(feature.feature)}`}
      order="-state"
    />
  );
}
