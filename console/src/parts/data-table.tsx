/** A table: sorted and with columns as the address says, rows by j and k, copied as CSV, drawn only where seen. */
import {type ReactNode, useRef} from 'react';
import {useLocation} from 'wouter';
import {useCarried, useParam} from '../frame/url-state.ts';
import {ColumnMenu} from './column-menu.tsx';
import {CopyButton} from './copy-button.tsx';
import {Go, Section} from './page.tsx';
import {type Column, csv, sorted} from './table-columns.ts';
import {TableHead} from './table-head.tsx';
import {useRowCursor} from './use-row-cursor.ts';
import {useWindowed} from './use-windowed.ts';

const ROW = 32;
/** From this many rows on, only those near the view are drawn. */
const WINDOWED = 120;

type Props<T> = {
  /** Prefix of its parameters in the address, and what opens the page at it after `#`. */
  readonly name: string;
  readonly title: string;
  readonly aside?: ReactNode;
  /** Between the title and the table, such as a search. */
  readonly above?: ReactNode;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  /** Where Enter on a row, or a click on its first cell, leads. */
  readonly open?: (row: T) => string;
  /** What a key does to the row that has the focus. */
  readonly keys?: {readonly [key: string]: (row: T) => void};
  /** Stands in half a page: no choice of columns, no copy. */
  readonly small?: true;
  /** `id` or `-id`. */
  readonly order?: string;
};

export function DataTable<T>({name, title, aside, above, rows, columns, keyOf, open, keys, small, order}: Props<T>) {
  const [asked, setOrder] = useParam(`${name}.sort`);
  const [chosen, setChosen] = useParam(`${name}.columns`);
  const now = asked ?? order ?? null;
  const all = sorted(rows, columns, now);
  const ids = chosen?.split(',');
  const shown = columns.filter(column => (ids === undefined ? !column.extra : ids.includes(column.id)));

  const box = useRef<HTMLDivElement>(null);
  const {first, last, onScroll} = useWindowed(all.length, ROW, WINDOWED);
  useRowCursor(all.length, ROW, box);
  const [, navigate] = useLocation();
  const carried = useCarried();

  const tools = small ? undefined : (
    <>
      <ColumnMenu columns={columns} shown={shown.map(column => column.id)} choose={setChosen} />
      <CopyButton quiet label="Copy as CSV" text={() => csv(all, shown)} />
    </>
  );
  return (
    <Section id={name} title={title} aside={aside} tools={tools}>
      {above}
      <div
        className="table-scroll"
        ref={box}
        onScroll={event => onScroll(event.currentTarget.scrollTop)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        data-rows={name}
      >
        <table aria-label={title} aria-rowcount={all.length + 1}>
          <TableHead columns={shown} order={now} setOrder={setOrder} />
          <tbody>
            {first > 0 && <Gap height={first * ROW} columns={shown.length} />}
            {all.slice(first, last).map((row, i) => (
              <tr
                key={keyOf(row)}
                data-index={first + i}
                tabIndex={-1}
                onKeyDown={event => {
                  if (open && event.key === 'Enter' && event.target === event.currentTarget)
                    navigate(carried(open(row)));
                  if (!event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) keys?.[event.key]?.(row);
                }}
              >
                {shown.map((column, k) => (
                  <td key={column.id} className={column.number ? 'number' : column.wrap ? 'wrap' : ''}>
                    {k === 0 && open ? <Go to={open(row)}>{contentOf(column, row)}</Go> : contentOf(column, row)}
                  </td>
                ))}
              </tr>
            ))}
            {last < all.length && <Gap height={(all.length - last) * ROW} columns={shown.length} />}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function contentOf<T>(column: Column<T>, row: T): ReactNode {
  if (column.cell) return column.cell(row);
  const value = column.value(row);
  return value === null ? <span className="muted">–</span> : String(value);
}

/** Stands for the rows that are not drawn. */
function Gap({height, columns}: {height: number; columns: number}) {
  return (
    <tr>
      <td colSpan={columns} style={{height, padding: 0}} />
    </tr>
  );
}
