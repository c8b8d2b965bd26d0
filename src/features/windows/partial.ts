import type {Folded, Layout, Measured} from './layout.ts';
import type {StringCodes} from './string-codes.ts';

/** What is folded together: of a window while it is read, or of a whole tile. */
export type Partial = {
  readonly slots: Float64Array;
  readonly objects: unknown[];
};

/** A partial aggregate that is kept, with the number of its events. */
export type Tile = Partial & {count: number};

export function emptyPartial(layout: Layout): Partial {
  const partial = {slots: new Float64Array(layout.slots), objects: []};
  clearPartial(partial, layout);
  return partial;
}

export function clearPartial({slots, objects}: Partial, {accumulators, collectors}: Folded): void {
  for (const {aggregation, slot} of accumulators) aggregation.empty(slots, slot);
  for (const {collection, index} of collectors) objects[index] = collection.empty();
}

/** Takes the events [from, to) of `data`, whose columns are `stride` apart. */
export function updatePartial(
  {slots, objects}: Partial,
  {accumulators, collectors}: Folded,
  data: Float64Array,
  stride: number,
  from: number,
  to: number,
  codes: StringCodes,
): void {
  if (from === to) return;
  for (const {aggregation, column, slot} of accumulators) {
    const lag = column * stride;
    aggregation.update(slots, slot, data, lag + from, lag + to, lag);
  }
  for (const {collection, column, index, text} of collectors) {
    const lag = column * stride;
    collection.update(objects[index], data, lag + from, lag + to, text ? codes : null);
  }
}

/** Adds the later part `right`. */
export function mergePartial(left: Partial, {added, merged, collectors}: Folded, right: Partial): void {
  const {slots} = left;
  for (let k = 0; k < added.length; k++) slots[added[k]!]! += right.slots[added[k]!]!;
  for (const {aggregation, slot} of merged) aggregation.merge(slots, slot, right.slots, slot);
  for (const {collection, index} of collectors) collection.merge(left.objects[index], right.objects[index]);
}

/** Writes the answers of a measure to `out` from `to` on. */
export function readMeasured(
  {slots, objects}: Partial,
  measured: Measured,
  q: number,
  out: Float64Array,
  to: number,
  codes: StringCodes,
): void {
  if (measured.accumulator !== null) {
    const {aggregation, slot} = measured.accumulator;
    aggregation.read(slots, slot, q, out, to);
  } else {
    const {collector, answer} = measured;
    answer.read(objects[collector.index], out, to, collector.text ? codes : null);
  }
}
