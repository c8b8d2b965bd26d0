import type {CheckAction, CheckCount, EventBatch, StreamRecord} from '../../protocol/index.ts';
import {doorColumns} from '../schema/vectors.ts';
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

type Count = {
  readonly action: CheckAction;
  count: number;
  example: string | null;
  lastAt?: number;
  /** The push that broke it last, of those since the gate was opened. */
  push: number;
};

/** Rows or windows that broke a check: one of them unless told, the value of the first, and when (UTC ms). */
export type Violation = {
  readonly check: string;
  readonly action: CheckAction;
  readonly example: string;
  readonly at: number;
  readonly count?: number;
};

/** What has passed the gate of one stream, and what has not. Only what is durable is counted. */
export class Tally {
  readonly #source: Source;
  #events = 0;
  #duplicates = 0;
  #late = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  /** Pushes that have been counted since the gate was opened. */
  #push = 0;
  readonly #checks = new Map<string, Count>();

  constructor(source: Source, state?: TallyState) {
    this.#source = source;
    for (const {name, action} of source.checks) this.#checks.set(name, {action, count: 0, example: null, push: -1});
    if (!state) return;
    this.#events = state.events;
    this.#duplicates = state.duplicates;
    this.#late = state.late;
    this.#from = state.from ?? this.#from;
    this.#to = state.to ?? this.#to;
    for (const {check, action, ...counted} of state.checks)
      this.#checks.set(check, {...counted, action: this.#checks.get(check)?.action ?? action, push: -1});
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

  /** A push begins to be counted: checks that none of its rows breaks are whole again. */
  beginPush(): void {
    this.#push++;
  }

  addCheck({check, action, example, at, count = 1}: Violation): void {
    let entry = this.#checks.get(check);
    if (!entry) {
      entry = {action, count: 0, example: null, push: -1};
      this.#checks.set(check, entry);
    }
    entry.count += count;
    entry.example ??= example;
    entry.lastAt = Math.max(entry.lastAt ?? at, at);
    entry.push = this.#push;
  }

  /** Was a check broken by the latest push? Null if nothing was pushed since the gate was opened. */
  brokenNow(check: string): boolean | null {
    return this.#push === 0 ? null : this.#checks.get(check)?.push === this.#push;
  }

  state(): TallyState {
    const {name: _, columns: __, ...state} = this.record();
    return state;
  }

  record(): StreamRecord {
    return {
      name: this.#source.name,
      columns: doorColumns(this.#source).map(({name, type: {type, nullable}, size}) => ({
        name,
        type,
        nullable,
        ...(size === null ? {} : {size}),
      })),
      events: this.#events,
      duplicates: this.#duplicates,
      late: this.#late,
      from: this.#events === 0 ? null : this.#from,
      to: this.#events === 0 ? null : this.#to,
      checks: [...this.#checks].map(([check, {push: _, ...counted}]) => ({check, ...counted})),
    };
  }
}
