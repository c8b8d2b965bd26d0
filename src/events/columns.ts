// Cutting and joining batches of columns.
import type {ColumnData, Columns} from '../protocol/index.ts';

/** The given rows of a batch, in the given order. */
export function select({columns}: Columns, rows: ArrayLike<number>): Columns {
  const selected: Record<string, ColumnData> = {};
  for (const [name, data] of Object.entries(columns)) {
    if (data instanceof Float64Array) {
      const numbers = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) numbers[i] = data[rows[i]!]!;
      selected[name] = numbers;
    } else {
      const texts: (string | null)[] = [];
      for (let i = 0; i < rows.length; i++) texts.push(data[rows[i]!]!);
      selected[name] = texts;
    }
  }
  return {count: rows.length, columns: selected};
}

/** Joins small batches until each has at least `size` rows (but the last). */
export async function* rebatch(batches: AsyncIterable<Columns>, size: number): AsyncIterable<Columns> {
  let parts: Columns[] = [];
  let count = 0;
  for await (const batch of batches) {
    if (batch.count === 0) continue;
    parts.push(batch);
    count += batch.count;
    if (count < size) continue;
    yield concatenate(parts, count);
    parts = [];
    count = 0;
  }
  if (count > 0) yield concatenate(parts, count);
}

function concatenate(parts: readonly Columns[], count: number): Columns {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const columns: Record<string, ColumnData> = {};
  for (const [name, data] of Object.entries(first!.columns)) {
    if (data instanceof Float64Array) {
      const numbers = new Float64Array(count);
      let to = 0;
      for (const part of parts) {
        numbers.set(part.columns[name] as Float64Array, to);
        to += part.count;
      }
      columns[name] = numbers;
    } else columns[name] = parts.flatMap(part => part.columns[name] as readonly (string | null)[]);
  }
  return {count, columns};
}
