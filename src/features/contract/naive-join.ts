// The meaning of a looked-up column as a double loop.

import {type ColumnData, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import type {Lookup} from '../definitions/joined.ts';
import type {FeatureView} from '../definitions/view.ts';
import {compareIds} from '../windows/event-order.ts';

const plain = (column: ColumnData, row: number) => {
  const value = column[row]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
};

/** The batches of the view's source, with the columns that it looks up in the others. */
export function naiveJoin(view: FeatureView, batches: readonly PositionedBatch[]): PositionedBatch[] {
  return batches
    .filter(batch => batch.stream === view.source.name)
    .map(batch => ({
      ...batch,
      columns: Object.assign({}, batch.columns, ...view.lookups.map(lookup => lookedUp(lookup, batch, batches))),
    }));
}

function lookedUp(
  lookup: Lookup,
  batch: PositionedBatch,
  batches: readonly PositionedBatch[],
): Record<string, ColumnData> {
  const {alias, source, on, columns} = lookup;
  const rows = batches
    .filter(other => other.stream === source.name)
    .flatMap(other =>
      other.ids.map((id, row) => ({
        id,
        key: Object.keys(on).map(name => plain(other.columns[name]!, row)),
        time: other.eventTimes[row]!,
        arrival: other.arrivalTimes[row]!,
        position: positionAt(other, row),
        value: (name: string) => plain(other.columns[name]!, row),
      })),
    )
    .filter(r => r.arrival - r.time <= source.latenessMs)
    .sort((a, b) => a.time - b.time || compareIds(a.id, b.id));
  const found = batch.ids.map((_, i) => {
    const key = Object.values(on).map(name => plain(batch.columns[name]!, i));
    return rows.findLast(
      r =>
        r.key.every((part, k) => part !== null && part === key[k]) &&
        r.time < batch.eventTimes[i]! &&
        r.arrival <= batch.arrivalTimes[i]! &&
        r.position < positionAt(batch, i),
    );
  });
  return Object.fromEntries(
    columns.map(name => [
      `${alias}_${name}`,
      source.schema[name]!.type === 'string'
        ? found.map(r => (r?.value(name) ?? null) as string | null)
        : Float64Array.from(found, r => (r?.value(name) ?? Number.NaN) as number),
    ]),
  );
}
