import {columnRows, type PositionedBatch, positionAt} from '../../protocol/index.ts';

type Head = {batch: PositionedBatch; next: number; readonly rest: AsyncIterator<PositionedBatch>};

/** Batches of several streams, each in order of position, as one sequence in order of position: cut where they interleave. */
export async function* inPositionOrder(
  streams: readonly AsyncIterable<PositionedBatch>[],
): AsyncGenerator<PositionedBatch> {
  const heads: Head[] = [];
  try {
    for (const stream of streams) {
      const rest = stream[Symbol.asyncIterator]();
      const first = await rest.next();
      if (!first.done) heads.push({batch: first.value, next: 0, rest});
    }
    while (heads.length > 0) {
      heads.sort((a, b) => positionAt(a.batch, a.next) - positionAt(b.batch, b.next));
      const [head, other] = heads as [Head, Head | undefined];
      const until = other ? positionAt(other.batch, other.next) : Number.POSITIVE_INFINITY;
      let to = head.next + 1;
      while (to < head.batch.count && positionAt(head.batch, to) < until) to++;
      yield rowsOf(head.batch, head.next, to);
      head.next = to;
      if (to < head.batch.count) continue;
      const following = await head.rest.next();
      if (following.done) heads.shift();
      else Object.assign(head, {batch: following.value, next: 0});
    }
  } finally {
    for (const {rest} of heads) await rest.return?.();
  }
}

function rowsOf(batch: PositionedBatch, from: number, to: number): PositionedBatch {
  if (from === 0 && to === batch.count) return batch;
  return {
    stream: batch.stream,
    count: to - from,
    position: positionAt(batch, from),
    positions: Float64Array.from({length: to - from}, (_, i) => positionAt(batch, from + i)),
    ids: batch.ids.slice(from, to),
    eventTimes: batch.eventTimes.subarray(from, to),
    arrivalTimes: batch.arrivalTimes.subarray(from, to),
    columns: Object.fromEntries(
      Object.entries(batch.columns).map(([name, column]) => [name, columnRows(column, from, to)]),
    ),
  };
}
