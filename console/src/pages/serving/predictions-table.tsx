import type {PredictionRecord} from 'millrace/protocol';
import {useLive} from '../../data/live.tsx';
import {micros, ratio, significant} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Status} from '../../parts/meaning.tsx';
import type {Cell, Column} from '../../parts/table-columns.ts';
import {isModels} from './chain/chain-words.ts';

/** The newest answers with the features that they were made from. */
export function PredictionsTable({predictions}: {predictions: readonly PredictionRecord[]}) {
  const times = useTimes();
  const {state} = useLive();
  const anyOutside = predictions.some(({outside}) => outside !== undefined);
  const names = Object.keys(predictions[0]?.features ?? {});
  const columns: readonly Column<PredictionRecord>[] = [
    {id: 'at', title: `Time (${times.zoneName})`, value: row => row.at, cell: row => times.second(row.at)},
    {
      id: 'prediction',
      title: 'Prediction',
      number: true,
      value: row => row.prediction,
      cell: row =>
        row.abstained ? (
          <>
            <span className="muted small">abstained</span> {ratio(row.prediction)}
          </>
        ) : (
          ratio(row.prediction)
        ),
    },
    {
      id: 'level',
      title: 'Level',
      value: row => row.level,
      cell: ({level}) =>
        isModels(level) ? <span className="muted">{level}</span> : <Status level="watch" word={level} />,
    },
    {
      id: 'label',
      title: 'Came',
      value: row => row.label,
      cell: row => (row.label === null ? <span className="muted">not known yet</span> : row.label === 1 ? 'yes' : 'no'),
    },
    {id: 'version', title: 'Version', value: row => row.version, cell: row => `v${row.version}`},
    {id: 'latency', title: 'Latency', number: true, value: row => row.latencyUs, cell: row => micros(row.latencyUs)},
    ...(anyOutside ? [OUTSIDE] : []),
    ...names.map(
      (name, i): Column<PredictionRecord> => ({
        id: name,
        title: name,
        value: row => row.features[name] ?? null,
        cell: row => shown(row.features[name] ?? null),
        ...(typeof predictions[0]?.features[name] === 'number' ? {number: true as const} : {}),
        ...(i >= 4 ? {extra: true as const} : {}),
      }),
    ),
    {id: 'id', title: 'Id', value: row => row.id, extra: true},
  ];
  return (
    <DataTable
      name="predictions"
      title="Newest predictions"
      aside={`${predictions.length} kept in memory${state === 'open' ? ', read again as new ones come' : ''}`}
      rows={predictions}
      columns={columns}
      keyOf={row => row.id}
    />
  );
}

const OUTSIDE: Column<PredictionRecord> = {
  id: 'outside',
  title: 'Outside training',
  value: row => row.outside?.join(', ') ?? null,
  cell: ({outside}) =>
    outside === undefined ? <span className="muted">–</span> : <Status level="watch" word={outside.join(', ')} />,
};

const shown = (value: Cell) =>
  value === null ? <span className="muted">null</span> : typeof value === 'number' ? significant(value) : String(value);
