/** What a table shows: its columns, their order of rows, and the same as CSV. */
import type {ReactNode} from 'react';

export type Cell = string | number | boolean | null;

export type Column<T> = {
  readonly id: string;
  readonly title: string;
  /** What is sorted by and exported. */
  readonly value: (row: T) => Cell;
  /** What is shown; the value when not given. */
  readonly cell?: (row: T) => ReactNode;
  readonly number?: true;
  /** Lines may break. */
  readonly wrap?: true;
  /** Shown only when asked for. */
  readonly extra?: true;
};

/** `-auc` is column auc, falling. Empty cells come last either way; equal rows keep their order. */
export function sorted<T>(rows: readonly T[], columns: readonly Column<T>[], order: string | null): readonly T[] {
  const falling = order?.startsWith('-') ?? false;
  const column = columns.find(candidate => candidate.id === (falling ? order?.slice(1) : order));
  if (!column) return rows;
  return [...rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const difference = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return falling ? -difference : difference;
  });
}

/** RFC 4180. */
export function csv<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const quoted = (cell: Cell) => {
    const text = cell === null ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [
    columns.map(column => quoted(column.title)),
    ...rows.map(row => columns.map(column => quoted(column.value(row)))),
  ];
  return `${lines.map(line => line.join(',')).join('\r\n')}\r\n`;
}
