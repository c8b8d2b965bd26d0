// The meaning of a feature value as a double loop: slow and obviously right. Every execution is tested
// against it.
import type {PositionedBatch} from '../../protocol/index.ts';
import type {FeatureView, WindowFeature} from '../definitions/view.ts';
import {bindExpression} from '../expressions/bind.ts';
import {keyOf} from '../stream/view-state.ts';
import {compareIds} from '../windows/event-order.ts';

export type Query = {readonly key: readonly (string | number | null)[]; readonly q: number; readonly position?: number};

type NaiveEvent = {
  readonly batch: PositionedBatch;
  readonly row: number;
  readonly time: number;
  readonly arrival: number;
  readonly id: string;
  readonly position: number;
};

const answer = (
  name: WindowFeature['aggregation'],
  values: readonly (number | string)[],
  rows: number,
): number | string | null => {
  const numbers = values as readonly number[];
  const total = () => numbers.reduce((a, b) => a + b, 0);
  switch (name) {
    case 'count':
      return rows;
    case 'sum':
      return values.length === 0 ? null : total();
    case 'mean':
      return values.length === 0 ? null : total() / values.length;
    case 'min':
      return values.length === 0 ? null : Math.min(...numbers);
    case 'max':
      return values.length === 0 ? null : Math.max(...numbers);
    case 'last':
      return values.at(-1) ?? null;
  }
};

/** The features of a view for one query, over batches of its source in order of position. */
export function naiveFeatures(
  view: FeatureView,
  batches: readonly PositionedBatch[],
  query: Query,
): Record<string, number | string | null> {
  const wanted = keyOf(query.key);
  const events: NaiveEvent[] = batches.flatMap(batch =>
    batch.ids.map((id, row) => ({
      batch,
      row,
      id,
      time: batch.eventTimes[row]!,
      arrival: batch.arrivalTimes[row]!,
      position: batch.position + row,
    })),
  );
  const visible = events
    .filter(({batch, row}) => {
      const key = Object.keys(view.entity.keys).map(k => {
        const column = batch.columns[view.keys[k]!]!;
        const value = column[row]!;
        return typeof value === 'number' && Number.isNaN(value) ? null : value;
      });
      return wanted !== null && keyOf(key) === wanted;
    })
    .filter(e => e.time < query.q && e.arrival <= query.q)
    .filter(e => query.position === undefined || e.position < query.position)
    .filter(e => e.arrival - e.time <= view.source.latenessMs)
    .sort((a, b) => a.time - b.time || compareIds(a.id, b.id));
  return Object.fromEntries(
    view.features.map(feature => {
      const inside = visible
        .filter(e => e.time >= query.q - feature.windowMs)
        .filter(e => feature.where === null || bindExpression(feature.where, e.batch.columns)(e.row) === true);
      const values = inside
        .map(e => (feature.input === null ? 1 : bindExpression(feature.input, e.batch.columns)(e.row)))
        .filter(value => value !== null)
        .map(value => (typeof value === 'boolean' ? Number(value) : value));
      return [feature.name, answer(feature.aggregation, values, inside.length)];
    }),
  );
}
