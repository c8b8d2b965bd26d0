import type {Column} from './table-columns.ts';

type Props<T> = {
  readonly columns: readonly Column<T>[];
  readonly order: string | null;
  readonly setOrder: (order: string | null) => void;
};

/** Sticky; a click sorts, figures from the largest first; a third click gives back the usual order. */
export function TableHead<T>({columns, order, setOrder}: Props<T>) {
  return (
    <thead>
      <tr>
        {columns.map(column => {
          const rising = order === column.id;
          const falling = order === `-${column.id}`;
          const steps = column.number ? [`-${column.id}`, column.id] : [column.id, `-${column.id}`];
          const next = steps[order === null ? 0 : steps.indexOf(order) + 1] ?? null;
          return (
            <th
              key={column.id}
              scope="col"
              className={column.number ? 'number' : ''}
              {...(rising || falling ? {'aria-sort': rising ? 'ascending' : 'descending'} : {})}
            >
              <button type="button" onClick={() => setOrder(next)}>
                {column.title}
                {(rising || falling) && <span aria-hidden="true">{rising ? ' ↑' : ' ↓'}</span>}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
