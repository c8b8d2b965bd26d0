import type {FeatureDetail, FeatureReader} from 'millrace/protocol';
import {percent, plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';

/** Model versions that read it, with the version of the definition that each was trained with. */
export function ReadersPanel({detail: {feature, definition, readers}}: {detail: FeatureDetail}) {
  const times = useTimes();
  if (readers.length === 0)
    return (
      <Section title="Who uses it">
        <p className="muted">
          {feature.usedBy.length === 0
            ? 'No model reads it.'
            : `${feature.usedBy.join(', ')} will read it: no version has been trained yet.`}
        </p>
      </Section>
    );
  const columns: readonly Column<FeatureReader>[] = [
    {id: 'version', title: 'Model version', value: reader => `${reader.model} v${reader.version}`},
    {id: 'status', title: 'Status', value: reader => reader.status},
    {
      id: 'definition',
      title: `Trained with ${definition?.name ?? 'its definition'}`,
      value: reader => reader.definition,
      cell: reader => (reader.definition === null ? <span className="muted">not kept</span> : `v${reader.definition}`),
    },
    {
      id: 'gain',
      title: 'Gain',
      number: true,
      value: reader => reader.importance,
      cell: reader => percent(reader.importance),
    },
    {
      id: 'trained',
      title: `Trained (${times.zoneName})`,
      value: reader => reader.createdAt,
      cell: reader => times.minute(reader.createdAt),
    },
  ];
  const using = readers.filter(reader => reader.inUse).length;
  return (
    <DataTable
      name="readers"
      title="Who uses it"
      aside={`${plural(readers.length, 'model version')}, ${using} in use`}
      rows={readers}
      columns={columns}
      keyOf={reader => `${reader.model}/${reader.version}`}
      open={reader => `/models/${encodeURIComponent(reader.model)}/${reader.version}`}
    />
  );
}
