import {columnRows, type PositionedBatch, positionAt} from '../../protocol/index.ts';

/** Events [from, to) of a batch. */
export function rowsOf(batch: PositionedBatch, from: number, to: number): PositionedBatch {
  if (from === 0 && to === batch.count) return batch;
  const {positions} = batch;
  return {
    ...batch,
    count: to - from,
    position: positionAt(batch, from),
    ...(positions === undefined ? {} : {positions: positions.subarray(from, to)}),
    ids: batch.ids.slice(from, to),
    eventTimes: batch.eventTimes.subarray(from, to),
    arrivalTimes: batch.arrivalTimes.subarray(from, to),
    columns: Object.fromEntries(
      Object.entries(batch.columns).map(([name, column]) => [name, columnRows(column, from, to)]),
    ),
  };
}
