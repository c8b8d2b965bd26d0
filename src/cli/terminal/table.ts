export type TableColumn = {
  readonly title: string;
  /** Words to the left, figures to the right. */
  readonly align?: 'left' | 'right';
};

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Width on the screen: colours take none. */
const width = (text: string): number => [...text.replace(ESCAPES, '')].length;

/** Lines of a table with aligned columns, two spaces between them, indented by two. Cells may be coloured. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  title: (text: string) => string = text => text,
): string[] {
  const widths = columns.map((column, i) => Math.max(width(column.title), ...rows.map(row => width(row[i] ?? ''))));
  const line = (cells: readonly string[], style: (text: string) => string) =>
    `  ${columns
      .map(({align}, i) => {
        const cell = cells[i] ?? '';
        const space = ' '.repeat(widths[i]! - width(cell));
        return align === 'right' ? space + style(cell) : style(cell) + space;
      })
      .join('  ')}`.trimEnd();
  return [
    line(
      columns.map(column => column.title),
      title,
    ),
    ...rows.map(row => line(row, text => text)),
  ];
}
