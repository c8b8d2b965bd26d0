import type {Source} from '../../events/index.ts';
import type {PositionedBatch} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';

/** The archived events of a stream with positions in [from, to), in their order, as the log would give them. */
export async function* archivedEvents(
  sql: SqlEngine,
  {name, schema}: Source,
  relation: string,
  {from, to}: {readonly from: number; readonly to: number},
): AsyncGenerator<PositionedBatch> {
  const query = `SELECT * FROM ${relation} WHERE _position >= ${from} AND _position < ${to} ORDER BY _position`;
  for await (const {count, columns} of sql.stream(query)) {
    if (count === 0) continue;
    const positions = columns._position as Float64Array;
    yield {
      stream: name,
      count,
      position: positions[0]!,
      positions,
      ids: columns._id as readonly string[],
      eventTimes: columns._time as Float64Array,
      arrivalTimes: columns._arrival as Float64Array,
      columns: Object.fromEntries(Object.keys(schema).map(column => [column, columns[column]!])),
    };
  }
}
