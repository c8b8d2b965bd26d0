import type {SliceWindow} from 'millrace/protocol';
import {count, interval, ratio} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import type {Column} from '../../../parts/table-columns.ts';

/** Parts of the traffic: how much, what was predicted, what moved, how well. */
export function SlicesTable({slices}: {slices: readonly SliceWindow[]}) {
  const drifting = ({drift}: SliceWindow) =>
    drift.filter(({verdict}) => verdict === 'drift').map(({subject}) => subject);
  const columns: readonly Column<SliceWindow>[] = [
    {
      id: 'slice',
      title: 'Slice',
      value: ({feature, value}) => `${feature} = ${value}`,
      cell: ({feature, value}) => (
        <>
          <span className="muted">{feature}</span> {value}
        </>
      ),
    },
    {
      id: 'predictions',
      title: 'Predictions',
      number: true,
      value: ({predictions}) => predictions,
      cell: ({predictions}) => count(predictions),
    },
    {
      id: 'mean',
      title: 'Predicted',
      number: true,
      value: ({meanPrediction}) => meanPrediction,
      cell: ({meanPrediction}) => ratio(meanPrediction),
    },
    {
      id: 'drift',
      title: 'Drifts',
      value: slice => drifting(slice).join(', ') || null,
      cell: slice => {
        const names = drifting(slice);
        const few = slice.drift.length > 0 && slice.drift.every(({verdict}) => verdict === 'insufficient data');
        return names.length > 0 ? (
          <span title={names.join(', ')}>
            {names[0]}
            {names.length > 1 && <span className="muted"> and {names.length - 1} more</span>}
          </span>
        ) : (
          <span className="muted">{few ? 'too few rows' : 'nothing'}</span>
        );
      },
    },
    {
      id: 'auc',
      title: 'AUC',
      number: true,
      value: ({performance}) => performance?.auc ?? null,
      cell: ({performance}) =>
        performance === null ? (
          <span className="muted">no labels yet</span>
        ) : (
          <span title={interval(performance.aucLow, performance.aucHigh)}>{ratio(performance.auc)}</span>
        ),
    },
  ];
  return (
    <DataTable
      name="slices"
      title="Slices"
      aside="of the chosen window"
      rows={slices}
      columns={columns}
      keyOf={({feature, value}) => `${feature}=${value}`}
      order="-predictions"
    />
  );
}
