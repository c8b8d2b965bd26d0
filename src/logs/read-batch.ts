/** Event batches of the prediction log as rows of predictions again. */
import {type ColumnData, type EventBatch, MillraceError} from '../protocol/index.ts';
import {FEATURE_PREFIX, type ServedBatch, type ShadowBatch} from './rows.ts';

/** The rows whose event time lies in [from, to). */
export function rowsWithin(batch: EventBatch, from: number, to: number): EventBatch {
  const {eventTimes, arrivalTimes, ids, columns} = batch;
  const rows: number[] = [];
  eventTimes.forEach((time, i) => {
    if (time >= from && time < to) rows.push(i);
  });
  if (rows.length === batch.count) return batch;
  const numbers = (column: Float64Array) => Float64Array.from(rows, i => column[i]!);
  const pick = (column: ColumnData): ColumnData =>
    column instanceof Float64Array ? numbers(column) : rows.map(i => column[i]!);
  return {
    stream: batch.stream,
    count: rows.length,
    ids: rows.map(i => ids[i]!),
    eventTimes: numbers(eventTimes),
    arrivalTimes: numbers(arrivalTimes),
    columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column)])),
  };
}

export function shadowBatch(model: string, batch: EventBatch): ShadowBatch {
  return {
    model,
    count: batch.count,
    ids: batch.ids,
    at: batch.eventTimes,
    versions: numbersOf(batch, 'version'),
    predictions: numbersOf(batch, 'prediction'),
    latenciesUs: numbersOf(batch, 'latencyUs'),
  };
}

export function servedBatch(model: string, batch: EventBatch): ServedBatch {
  const features = Object.entries(batch.columns)
    .filter(([name]) => name.startsWith(FEATURE_PREFIX))
    .map(([name, column]) => [name.slice(FEATURE_PREFIX.length), column] as const);
  const roles = batch.columns.role;
  if (roles === undefined || roles instanceof Float64Array) throw foreign(batch, 'role');
  return {
    ...shadowBatch(model, batch),
    roles: roles as ServedBatch['roles'],
    // Rows of earlier releases say nothing of these: the model answered them all.
    propensities: numbersOr(batch, 'propensity', Number.NaN),
    levels: textsOr(batch, 'level', 'model') as readonly string[],
    outside: textsOr(batch, 'outside', null),
    positions: numbersOf(batch, 'position'),
    features: Object.fromEntries(features),
  };
}

function numbersOr({columns, count}: EventBatch, name: string, otherwise: number): Float64Array {
  const column = columns[name];
  return column instanceof Float64Array ? column : new Float64Array(count).fill(otherwise);
}

function textsOr({columns, count}: EventBatch, name: string, otherwise: string | null): readonly (string | null)[] {
  const column = columns[name];
  if (column === undefined || column instanceof Float64Array) return Array<string | null>(count).fill(otherwise);
  return column.includes(null) && otherwise !== null ? column.map(text => text ?? otherwise) : column;
}

function numbersOf(batch: EventBatch, name: string): Float64Array {
  const column = batch.columns[name];
  if (column instanceof Float64Array) return column;
  throw foreign(batch, name);
}

const foreign = ({stream}: EventBatch, column: string): MillraceError =>
  new MillraceError('STORE_CORRUPT', `Stream '${stream}' of the prediction log has no column '${column}'.`, {
    fix: 'Give the prediction log a folder that nothing else writes to.',
  });
