import {readHistory, type Source} from '../../events/index.ts';
import {type Columns, columnRows} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';

/** All rows of one stream that happened at one instant. */
export type Instant = {readonly stream: string; readonly time: number; readonly columns: Columns};

type Cursor = {readonly source: Source; readonly batches: AsyncIterator<Columns>; batch: Columns | null; row: number};

const timeAt = ({source, batch, row}: Cursor): number => (batch!.columns[source.time] as Float64Array)[row]!;

/**
 * The histories of several sources as one sequence in order of event time: what would have come in live. At
 * the same instant sources come in the order given. Rows that cannot be read are the bulk load's business.
 */
export async function* timeline(
  sources: readonly Source[],
  sql: SqlEngine,
  range: {readonly folder: string; readonly from: number},
): AsyncGenerator<Instant> {
  const cursors: Cursor[] = [];
  for (const source of sources) {
    const batches = readHistory(source, sql, range)[Symbol.asyncIterator]();
    const cursor: Cursor = {source, batches, batch: null, row: 0};
    if (await refill(cursor)) cursors.push(cursor);
  }
  while (cursors.length > 0) {
    let next = cursors[0]!;
    for (const cursor of cursors) if (timeAt(cursor) < timeAt(next)) next = cursor;
    const {source, batch, row} = next;
    const times = batch!.columns[source.time] as Float64Array;
    const time = times[row]!;
    let end = row;
    while (end < batch!.count && times[end] === time) end++;
    yield {
      stream: source.name,
      time,
      columns: {
        count: end - row,
        columns: Object.fromEntries(
          Object.entries(batch!.columns).map(([name, column]) => [name, columnRows(column, row, end)]),
        ),
      },
    };
    next.row = end;
    if (end === batch!.count && !(await refill(next))) cursors.splice(cursors.indexOf(next), 1);
  }
}

async function refill(cursor: Cursor): Promise<boolean> {
  for (;;) {
    const {value, done} = await cursor.batches.next();
    if (done) return false;
    cursor.batch = value;
    cursor.row = 0;
    if (value.count > 0) return true;
  }
}
