import {bindNumber} from '../features/index.ts';
import {type EventBatch, MillraceError} from '../protocol/index.ts';
import type {Label} from './label.ts';

/** A label as it becomes known: of which decision, what, and when the platform knew it (UTC ms). */
export type KnownLabel = {readonly id: string; readonly value: number; readonly knownAt: number};

/** The labels that a batch of the label's source brings. A null value brings none, nor does an event beyond the source's lateness. */
export function labelsIn(label: Label, batch: EventBatch): KnownLabel[] {
  if (batch.stream !== label.source.name) return [];
  const ids = batch.columns[label.on];
  if (ids === undefined || ids instanceof Float64Array)
    throw new MillraceError('NAME_UNKNOWN', `Stream '${batch.stream}' has no string column '${label.on}'.`);
  const value = label.value === null ? () => 1 : bindNumber(label.value, batch.columns);
  const known: KnownLabel[] = [];
  const {eventTimes, arrivalTimes} = batch;
  for (let i = 0; i < batch.count; i++) {
    if (arrivalTimes[i]! - eventTimes[i]! > label.source.latenessMs) continue;
    const id = ids[i];
    const is = value(i);
    if (id !== null && id !== undefined && !Number.isNaN(is)) known.push({id, value: is, knownAt: arrivalTimes[i]!});
  }
  return known;
}
