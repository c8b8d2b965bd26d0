/** Events of the log in the columns of the archive. */
import {type ColumnData, type Columns, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import type {Source} from '../source.ts';

/** Null if there are none: a file for nothing would be clutter. */
export async function archivedBatches(
  source: Source,
  batches: AsyncIterable<PositionedBatch>,
): Promise<AsyncIterable<Columns> | null> {
  const rest = batches[Symbol.asyncIterator]();
  const first = await rest.next();
  return first.done ? null : archived(source, first.value, rest);
}

async function* archived(
  source: Source,
  first: PositionedBatch,
  rest: AsyncIterator<PositionedBatch>,
): AsyncIterable<Columns> {
  try {
    yield withPlatformColumns(source, first);
    for (let next = await rest.next(); !next.done; next = await rest.next())
      yield withPlatformColumns(source, next.value);
  } finally {
    await rest.return?.();
  }
}

function withPlatformColumns({schema}: Source, batch: PositionedBatch): Columns {
  const {count, arrivalTimes} = batch;
  const positions = batch.positions ?? Float64Array.from({length: count}, (_, i) => positionAt(batch, i));
  const columns: Record<string, ColumnData> = {_position: positions, _arrival: arrivalTimes};
  // An event from before a column was declared has null there.
  for (const [name, {type}] of Object.entries(schema))
    columns[name] =
      batch.columns[name] ??
      (type === 'string' ? new Array(count).fill(null) : new Float64Array(count).fill(Number.NaN));
  return {count, columns};
}
