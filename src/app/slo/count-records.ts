/** Keeps the counts of service level objectives: an hour of minutes in a record, which is written again each minute. */

import {type EventCounts, MINUTE_MS, measureWords, type ServiceObjective} from '../../monitoring/index.ts';
import type {MetadataStore, MetadataWrite} from '../../stores/index.ts';

const KIND = 'slo-counts';
const HOUR_MINUTES = 60;
const HOUR_MS = HOUR_MINUTES * MINUTE_MS;
/** Records of an objective take turns, so that there are never more than for the longest window: 90 days and a bit. */
const TURNS = 92 * 24;

type Hour = {
  /** What was counted: counts of another measure are not continued. */
  readonly measure: string;
  /** UTC ms. */
  readonly from: number;
  readonly good: readonly number[];
  readonly total: readonly number[];
};

/** The hours of [from, to] as they are now, to be written together with others. */
export function hoursToWrite(
  model: string,
  objective: ServiceObjective,
  counts: EventCounts,
  {from, to}: {readonly from: number; readonly to: number},
): MetadataWrite[] {
  const writes: MetadataWrite[] = [];
  for (let hour = Math.floor(from / HOUR_MS); hour <= Math.floor(to / HOUR_MS); hour++) {
    const minutes = Array.from({length: HOUR_MINUTES}, (_, m) => counts.at(hour * HOUR_MINUTES + m));
    const value: Hour = {
      measure: measureWords(objective),
      from: hour * HOUR_MS,
      good: minutes.map(({good}) => good),
      total: minutes.map(({total}) => total),
    };
    writes.push({kind: KIND, id: `${model}/${objective.name}/${hour % TURNS}`, at: hour * HOUR_MS, value});
  }
  return writes;
}

/** Adds what was kept of the objective's window. */
export async function restoreCounts(
  metadata: MetadataStore,
  model: string,
  objective: ServiceObjective,
  counts: EventCounts,
  now: number,
): Promise<void> {
  const from = now - objective.windowMs - HOUR_MS;
  const records = await metadata.list(KIND, {idPrefix: `${model}/${objective.name}/`, from, limit: TURNS});
  for (const {value} of records) {
    const hour = value as unknown as Hour;
    if (hour.measure !== measureWords(objective)) continue;
    for (let m = 0; m < HOUR_MINUTES; m++)
      if (hour.total[m]! > 0) counts.add(hour.from / MINUTE_MS + m, hour.good[m]!, hour.total[m]!);
  }
}
