import {bindNumber} from '../features/index.ts';
import {type EventBatch, MillraceError} from '../protocol/index.ts';
import type {Label} from './label.ts';

/** A label as it becomes known: of which decision, what, and when the platform knew it (UTC ms). */
export type KnownLabel = {readonly id: string; readonly value: number; readonly knownAt: number};

/** The labels that a batch of the label's source brings. A null value brings none. */
export function labelsIn(label: Label, batch: EventBatch): KnownLabel[] {
  if (batch.stream !== label.source.name) return [];
  const ids = batch.columns[label.on];
  if (ids === undefined || ids instanceof Float64Array)
    throw new MillraceError('NAME_UNKNOWN', `Stream '${batch.stream}' has no string column '${label.on}'.`);
  const value = label.value === null ? () => 1 : bindNumber(label.value, batch.columns);
  const known: KnownLabel[] = [];
  for (let i = 0; i < batch.count; i++) {
    const id = ids[i];
    const is = value(i);
    if (id !== null && id !== undefined && !Number.isNaN(is))
      known.push({id, value: is, knownAt: batch.arrivalTimes[i]!});
  }
  return known;
}
