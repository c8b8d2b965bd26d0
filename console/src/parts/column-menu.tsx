import type {Column} from './table-columns.ts';

type Props<T> = {
  readonly columns: readonly Column<T>[];
  readonly shown: readonly string[];
  /** Gets the ids joined by commas, or null for the columns shown by default. */
  readonly choose: (ids: string | null) => void;
};

/** Which columns a table shows; the first always stays. */
export function ColumnMenu<T>({columns, shown, choose}: Props<T>) {
  const usual = columns.filter(column => !column.extra).map(column => column.id);
  const toggle = (id: string) => {
    const next = columns
      .map(column => column.id)
      .filter(other => (other === id ? !shown.includes(id) : shown.includes(other)));
    choose(next.join() === usual.join() ? null : next.join());
  };
  return (
    <details className="menu">
      <summary className="button quiet">Columns</summary>
      <div>
        {columns.slice(1).map(column => (
          <label key={column.id}>
            <input type="checkbox" checked={shown.includes(column.id)} onChange={() => toggle(column.id)} />{' '}
            {column.title}
          </label>
        ))}
      </div>
    </details>
  );
}
