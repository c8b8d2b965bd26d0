import {type CheckCount, columnSpecs, type EventBatch, type StreamRecord} from '../../protocol/index.ts';
import type {Source} from '../source.ts';

/** The counts of one stream, as a checkpoint keeps them. */
export type TallyState = {
  readonly events: number;
  readonly duplicates: number;
  readonly late: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly checks: readonly CheckCount[];
};

/** What has passed the gate of one stream, and what has not. Only what is durable is counted. */
export class Tally {
  readonly #source: Source;
  #events = 0;
  #duplicates = 0;
  #late = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  readonly #checks = new Map<string, {action: 'reject' | 'warn'; count: number; example: string | null}>();

  constructor(source: Source, state?: TallyState) {
    this.#source = source;
    for (const {name, action} of source.checks) this.#checks.set(name, {action, count: 0, example: null});
    if (!state) return;
    this.#events = state.events;
    this.#duplicates = state.duplicates;
    this.#late = state.late;
    this.#from = state.from ?? this.#from;
    this.#to = state.to ?? this.#to;
    for (const {check, action, count, example} of state.checks) this.#checks.set(check, {action, count, example});
  }

  /** Counts events that the log has; returns how many of them were late. */
  addEvents({count, eventTimes, arrivalTimes}: Pick<EventBatch, 'count' | 'eventTimes' | 'arrivalTimes'>): number {
    const {latenessMs} = this.#source;
    let late = 0;
    for (let i = 0; i < count; i++) {
      const time = eventTimes[i]!;
      if (arrivalTimes[i]! - time > latenessMs) late++;
      if (time < this.#from) this.#from = time;
      if (time > this.#to) this.#to = time;
    }
    this.#events += count;
    this.#late += late;
    return late;
  }

  addDuplicates(count: number): void {
    this.#duplicates += count;
  }

  /** One more row that broke a check. `example` is the offending value as text. */
  addCheck(check: string, action: 'reject' | 'warn', example: string, times = 1): void {
    const entry = this.#checks.get(check);
    if (!entry) this.#checks.set(check, {action, count: times, example});
    else {
      entry.count += times;
      entry.example ??= example;
    }
  }

  state(): TallyState {
    const {name: _, columns: __, ...state} = this.record();
    return state;
  }

  record(): StreamRecord {
    return {
      name: this.#source.name,
      columns: columnSpecs(this.#source.schema),
      events: this.#events,
      duplicates: this.#duplicates,
      late: this.#late,
      from: this.#events === 0 ? null : this.#from,
      to: this.#events === 0 ? null : this.#to,
      checks: [...this.#checks].map(([check, entry]) => ({check, ...entry})),
    };
  }
}
