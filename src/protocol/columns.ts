import type {TypeName} from './schema.ts';

/** One column: NaN is null in numbers, integers, booleans (0/1) and times (ms); null is null in strings. */
export type ColumnData = Float64Array | readonly (string | null)[];

/** Rows held column by column: the form in which data crosses every hot border. All have `count` rows. */
export type Columns = {
  readonly count: number;
  readonly columns: Readonly<Record<string, ColumnData>>;
};

/** Events of one stream, in the order in which they were accepted. */
export type EventBatch = Columns & {
  readonly stream: string;
  /** What makes a redelivery the same event. */
  readonly ids: readonly string[];
  /** When it happened (UTC ms). */
  readonly eventTimes: Float64Array;
  /** When the platform durably had it, or the source says it did (UTC ms). */
  readonly arrivalTimes: Float64Array;
};

/**
 * Events as read back, in order of position. `position` is that of the first event. Events of several streams
 * interleave in a log, so the positions of one stream have gaps: event `i` has `positions[i]`, or
 * `position + i` where `positions` is absent. `positionAt` answers for both.
 */
export type PositionedBatch = EventBatch & {readonly position: number; readonly positions?: Float64Array};

/** The log position of event `i` of the batch. */
export function positionAt(batch: PositionedBatch, i: number): number {
  return batch.positions?.[i] ?? batch.position + i;
}

/** Rows [from, to) of a column; numbers are not copied. */
export function columnRows(column: ColumnData, from: number, to: number): ColumnData {
  return column instanceof Float64Array ? column.subarray(from, to) : column.slice(from, to);
}

export type Value = string | number | boolean | null;

/** The value at row `i` as JSON would show it (times as ISO strings). */
export function valueAt(column: ColumnData, type: TypeName, i: number): Value {
  const raw = column[i];
  if (raw === undefined || raw === null || typeof raw === 'string') return raw ?? null;
  if (Number.isNaN(raw)) return null;
  if (type === 'bool') return raw !== 0;
  if (type === 'time') return new Date(raw).toISOString();
  return raw;
}
