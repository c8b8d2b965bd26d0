// Cutting and joining batches of columns.
import {type ColumnData, type Columns, columnRows, type EventBatch, type Schema} from '../protocol/index.ts';

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

/** Events [from, to) of a batch; numbers are not copied. */
export function cut(batch: EventBatch, from: number, to: number): EventBatch {
  if (from === 0 && to === batch.count) return batch;
  return {
    stream: batch.stream,
    count: to - from,
    columns: Object.fromEntries(
      Object.entries(batch.columns).map(([name, data]) => [name, columnRows(data, from, to)]),
    ),
    ids: batch.ids.slice(from, to),
    eventTimes: batch.eventTimes.subarray(from, to),
    arrivalTimes: batch.arrivalTimes.subarray(from, to),
  };
}

/** A batch of the log with exactly the columns of a schema: null where it is older than a column. */
export function fitted<B extends Columns>(batch: B, schema: Schema): B {
  const {count} = batch;
  const columns: Record<string, ColumnData> = {};
  for (const [name, {type}] of Object.entries(schema)) {
    const data = batch.columns[name];
    if (data !== undefined && data instanceof Float64Array === (type !== 'string')) columns[name] = data;
    else
      columns[name] = type === 'string' ? new Array<null>(count).fill(null) : new Float64Array(count).fill(Number.NaN);
  }
  return {...batch, columns};
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
