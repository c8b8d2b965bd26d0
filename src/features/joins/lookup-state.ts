import {type ColumnData, type EventBatch, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import type {Lookup} from '../definitions/joined.ts';
import {keyOf} from '../stream/view-state.ts';
import {compareIds} from '../windows/event-order.ts';

type LookupRow = {
  readonly time: number;
  readonly arrival: number;
  readonly position: number;
  readonly id: string;
  readonly values: readonly (number | string | null)[];
};

const cell = (column: ColumnData, row: number): number | string | null => {
  const value = column[row]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
};

/** The key of row `i`, of the columns in this order. */
const keyAt = ({columns}: EventBatch, names: readonly string[], i: number): string | null =>
  keyOf(names.map(name => cell(columns[name]!, i)));

/**
 * The rows of a stream that is looked up in others, by key, in order of (time, id). All rows are kept: an event of any
 * time may ask. Made from the log at every start.
 */
export class LookupState {
  readonly lookup: Lookup;
  readonly #rows = new Map<string, LookupRow[]>();
  readonly #theirs: readonly string[];
  readonly #ours: readonly string[];

  constructor(lookup: Lookup) {
    this.lookup = lookup;
    this.#theirs = Object.keys(lookup.on);
    this.#ours = Object.values(lookup.on);
  }

  /** Takes rows of the other stream. */
  add(batch: PositionedBatch): void {
    const {latenessMs} = this.lookup.source;
    for (let i = 0; i < batch.count; i++) {
      const [time, arrival] = [batch.eventTimes[i]!, batch.arrivalTimes[i]!];
      const key = keyAt(batch, this.#theirs, i);
      if (key === null || arrival - time > latenessMs) continue;
      const row: LookupRow = {
        time,
        arrival,
        position: positionAt(batch, i),
        id: batch.ids[i]!,
        values: this.lookup.columns.map(name => cell(batch.columns[name]!, i)),
      };
      const rows = this.#rows.get(key);
      if (rows === undefined) this.#rows.set(key, [row]);
      else rows.splice(placeOf(rows, row), 0, row);
    }
  }

  /** The looked-up columns for each event of a batch, by their names in the joined stream. */
  columnsFor(batch: PositionedBatch): Record<string, ColumnData> {
    const {alias, columns, source} = this.lookup;
    const found = Array.from({length: batch.count}, (_, i) => this.#find(batch, i));
    return Object.fromEntries(
      columns.map((name, c) => [
        `${alias}_${name}`,
        source.schema[name]!.type === 'string'
          ? found.map(row => (row?.values[c] ?? null) as string | null)
          : Float64Array.from(found, row => (row?.values[c] ?? Number.NaN) as number),
      ]),
    );
  }

  #find(batch: PositionedBatch, i: number): LookupRow | undefined {
    const key = keyAt(batch, this.#ours, i);
    const rows = key === null ? undefined : this.#rows.get(key);
    if (rows === undefined) return undefined;
    const [time, arrival, position] = [batch.eventTimes[i]!, batch.arrivalTimes[i]!, positionAt(batch, i)];
    for (let at = firstAtOrAfter(rows, time) - 1; at >= 0; at--) {
      const row = rows[at]!;
      if (row.arrival <= arrival && row.position < position) return row;
    }
    return undefined;
  }
}

/** Index of the first row at or after `time`. */
function firstAtOrAfter(rows: readonly LookupRow[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placeOf(rows: readonly LookupRow[], {time, id}: LookupRow): number {
  let at = rows.length;
  while (at > 0 && (rows[at - 1]!.time > time || (rows[at - 1]!.time === time && compareIds(rows[at - 1]!.id, id) > 0)))
    at--;
  return at;
}
