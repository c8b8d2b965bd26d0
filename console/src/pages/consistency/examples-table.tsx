/** A few values that differ, each with the question why. */
import type {ConsistencyRun, SkewExample} from 'millrace/protocol';
import {useState} from 'react';
import {count} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {type Asked, Why} from './why.tsx';

type Row = SkewExample & {readonly feature: string};

const keyOf = ({feature, id}: Row): string => `${feature} ${id}`;

const shown = (value: number | string | null): string => (value === null ? 'null' : String(value));

export function ExamplesTable({run}: {run: ConsistencyRun}) {
  const times = useTimes();
  const [asked, ask] = useState<Asked | null>(null);
  const rows = run.features.flatMap(({feature, examples}) => examples.map(example => ({...example, feature})));
  if (rows.length === 0) return null;
  const columns: readonly Column<Row>[] = [
    {id: 'feature', title: 'Feature', value: row => row.feature},
    {id: 'kind', title: 'Kind', value: row => row.kind},
    {id: 'served', title: 'Served', number: true, value: row => row.served, cell: row => shown(row.served)},
    {
      id: 'recomputed',
      title: 'Recomputed',
      number: true,
      value: row => row.recomputed,
      cell: row => shown(row.recomputed),
    },
    {
      id: 'why',
      title: 'Why',
      value: () => null,
      cell: row => (
        <button
          type="button"
          className="button quiet"
          onClick={() => ask({set: run.set, feature: row.feature, entity: row.request, at: row.at})}
          aria-label={`Why ${row.feature} of ${row.id}`}
        >
          Why
        </button>
      ),
    },
    {id: 'at', title: `Asked at, ${times.zoneName}`, value: row => row.at, cell: row => times.second(row.at)},
    {
      id: 'request',
      title: 'Request',
      value: row =>
        Object.entries(row.request)
          .map(([field, value]) => `${field} ${value}`)
          .join(', '),
    },
    {id: 'id', title: 'Prediction', value: row => row.id},
    {id: 'position', title: 'Log position', number: true, value: row => row.position, cell: row => count(row.position)},
  ];
  return (
    <>
      <DataTable
        name="examples"
        title="Examples"
        aside="up to three of each kind and feature"
        rows={rows}
        columns={columns}
        keyOf={keyOf}
        open={row => `/features/${encodeURIComponent(row.feature)}`}
      />
      {asked && <Why asked={asked} />}
    </>
  );
}
