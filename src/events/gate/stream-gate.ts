// The gate of one stream: checks, deduplicates and stamps a batch of columns. Synchronous and without I/O, so
// that the order of calls is the order in the log.
import type {CheckStatus, Columns, EventBatch, JsonValue} from '../../protocol/index.ts';
import type {StreamCheck} from '../checks/fold.ts';
import {compileRules, type Rule} from '../checks/rule.ts';
import {compileStreamChecks} from '../checks/stream-checks.ts';
import {select} from '../columns.ts';
import type {Source} from '../source.ts';
import {RecentIds} from './recent-ids.ts';
import type {Refusal} from './refusal.ts';
import {requireColumns} from './require-columns.ts';
import {checkStatus} from './status.ts';
import {Tally, type TallyState} from './tally.ts';

/** How a batch gets its arrival times when its source has no column for them. */
export type Arrival = 'live' | 'history';

/** What becomes of the rows of one batch. */
export type Admission = {
  /** Null when no row gets in. */
  readonly batch: EventBatch | null;
  readonly duplicates: number;
  /** Rows that broke a check, in order. */
  readonly refused: readonly Refusal[];
  /** What stops the whole batch, which then has nothing else; empty if nothing does. */
  readonly stops: readonly Stop[];
};

/** A check that stops a batch; `rows` are those it is about, if it is about single ones. */
export type Stop = {
  readonly check: string;
  readonly count: number;
  readonly message: string;
  readonly example: string;
  readonly rows: readonly Refusal[];
};

const DUPLICATE = 0xffff;

export class StreamGate {
  readonly source: Source;
  readonly ids: RecentIds;
  readonly tally: Tally;
  /** Appends that have not been acknowledged yet. */
  readonly appending = new Set<Promise<number>>();
  /** The push before the next one, where they go one after the other. */
  turn: Promise<unknown> = Promise.resolve();
  readonly #horizonMs: number;
  /** Rules that keep a row out, or the whole batch. */
  readonly #guards: readonly Rule[];
  readonly #warns: readonly Rule[];
  readonly #stopping: ReadonlySet<string>;
  #checks: readonly StreamCheck[];
  /** Per row: 0, or the number of the rule it broke, or DUPLICATE. All zero between batches. */
  #codes = new Uint16Array(1_024);

  constructor(source: Source, horizonMs: number, tally?: TallyState, ids = new RecentIds(horizonMs)) {
    const rules = compileRules(source);
    this.source = source;
    this.ids = ids;
    this.tally = new Tally(source, tally);
    this.#horizonMs = horizonMs;
    this.#guards = rules.filter(rule => rule.action !== 'warn');
    this.#warns = rules.filter(rule => rule.action === 'warn');
    this.#stopping = new Set(source.checks.filter(check => check.action === 'stop').map(check => check.name));
    this.#checks = compileStreamChecks(source, tally?.to ?? null);
  }

  /** May a batch be stopped? */
  get stops(): boolean {
    return this.#stopping.size > 0;
  }

  /** May a batch be stopped for what came before it? Then it is judged when all of that is in the log. */
  get stopsInTurn(): boolean {
    return this.#checks.some(check => check.action === 'stop');
  }

  /** Decides on every row and remembers the ids of those that get in. `position` is the end of the log. */
  admit(columns: Columns, arrival: Arrival, now: number, position: number): Admission {
    requireColumns(this.source, columns);
    const {count} = columns;
    if (this.#codes.length < count) this.#codes = new Uint16Array(count);
    const codes = this.#codes;
    let refusals = false;
    for (let r = 0; r < this.#guards.length; r++) if (this.#guards[r]!.mark(columns, codes, r + 1)) refusals = true;
    const refused = refusals ? this.#refusals(columns, codes) : [];
    if (refused.some(({check}) => this.#stopping.has(check))) {
      codes.fill(0, 0, count);
      return stopped(rowStops(refused.filter(({check}) => this.#stopping.has(check))));
    }
    const latest = this.#latestArrival(columns, arrival, now, codes);
    if (latest > Number.NEGATIVE_INFINITY) this.ids.advance(latest, position);
    const ids = columns.columns[this.source.id] as readonly string[];
    let duplicates = 0;
    for (let i = 0; i < count; i++)
      if (codes[i] === 0 && !this.ids.add(ids[i]!)) {
        codes[i] = DUPLICATE;
        duplicates++;
      }
    const accepted = count - refused.length - duplicates;
    let kept = columns;
    if (accepted < count) {
      kept = select(columns, uncoded(codes, count, accepted));
      codes.fill(0, 0, count);
    }
    if (accepted === 0) return {batch: null, duplicates, refused, stops: []};
    const batch = this.#stamp(kept, arrival, now);
    const stops = this.stopsInTurn ? this.#judge(batch) : [];
    if (stops.length === 0) return {batch, duplicates, refused, stops};
    this.ids.remove(batch.ids);
    return stopped(stops);
  }

  /** Counts what events that are in the log break, where that only warns; `end` is one past their positions. */
  count(batch: EventBatch, end: number): void {
    for (const {check, action, mark, reason} of this.#warns) {
      if (!mark(batch, this.#codes, 1)) continue;
      for (let i = 0; i < batch.count; i++)
        if (this.#codes[i] !== 0)
          this.tally.addCheck({check, action, example: reason(batch, i).example, at: batch.arrivalTimes[i]!});
      this.#codes.fill(0, 0, batch.count);
    }
    for (const check of this.#checks) {
      const broken = check.take(batch, end);
      if (broken && check.action === 'warn') this.tally.addCheck({...broken, check: check.check, action: 'warn'});
    }
  }

  /** Remembers events from before the checkpoint that the gate goes on from. */
  refill(batch: EventBatch, end: number): void {
    for (const check of this.#checks) check.refill(batch, end);
  }

  saveChecks(): Readonly<Record<string, JsonValue>> {
    return Object.fromEntries(this.#checks.map(check => [check.check, check.save()]));
  }

  /** Goes on from a checkpoint; returns the log position from which `refill` must see the events again. */
  loadChecks(saved: Readonly<Record<string, JsonValue>>, position: number): number {
    return Math.min(position, ...this.#checks.map(check => check.load(saved[check.check], position)));
  }

  /** How every check stands at a time. */
  status(now: number): CheckStatus[] {
    return checkStatus(this.source, this.tally, this.#checks, now);
  }

  /** A gate of the same stream that has seen nothing, with these counts if they are given. */
  fresh(tally?: TallyState): StreamGate {
    return new StreamGate(this.source, this.#horizonMs, tally);
  }

  /** A gate in the same state whose decisions have no effect on this one. */
  rehearsal(): StreamGate {
    const copy = new StreamGate(this.source, this.#horizonMs, this.tally.state(), this.ids.copy());
    copy.#checks = this.#checks.map(check => check.copy());
    return copy;
  }

  #judge(batch: EventBatch): Stop[] {
    return this.#checks.flatMap(check => {
      const broken = check.action === 'stop' ? check.judge(batch) : null;
      return broken
        ? [{...broken, check: check.check, message: `${check.check}; got ${broken.example}`, rows: []}]
        : [];
    });
  }

  #refusals(columns: Columns, codes: Uint16Array): Refusal[] {
    const refused: Refusal[] = [];
    for (let index = 0; index < columns.count; index++) {
      if (codes[index] === 0) continue;
      const rule = this.#guards[codes[index]! - 1]!;
      refused.push({index, check: rule.check, ...rule.reason(columns, index)});
    }
    return refused;
  }

  #latestArrival({count, columns}: Columns, arrival: Arrival, now: number, codes: Uint16Array): number {
    if (arrival === 'live') return now;
    const times = columns[this.source.arrival ?? this.source.time] as Float64Array;
    let latest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) if (codes[i] === 0 && times[i]! > latest) latest = times[i]!;
    return this.source.arrival === null ? latest + this.source.delayMs : latest;
  }

  #stamp({count, columns}: Columns, arrival: Arrival, now: number): EventBatch {
    const {name, id, time, delayMs} = this.source;
    const eventTimes = columns[time] as Float64Array;
    let arrivalTimes: Float64Array;
    const own = this.source.arrival === null ? null : (columns[this.source.arrival] as Float64Array);
    // What is only handed in now was not known before, whatever its source says.
    if (arrival === 'live') arrivalTimes = own?.map(t => Math.max(t, now)) ?? new Float64Array(count).fill(now);
    else if (own !== null) arrivalTimes = own;
    else arrivalTimes = delayMs === 0 ? eventTimes : eventTimes.map(t => t + delayMs);
    return {stream: name, count, columns, ids: columns[id] as readonly string[], eventTimes, arrivalTimes};
  }
}

/** The rows whose code is 0, in order. */
function uncoded(codes: Uint16Array, count: number, kept: number): Uint32Array {
  const rows = new Uint32Array(kept);
  for (let i = 0, to = 0; i < count; i++) if (codes[i] === 0) rows[to++] = i;
  return rows;
}

const stopped = (stops: readonly Stop[]): Admission => ({batch: null, duplicates: 0, refused: [], stops});

/** The rows that stop a batch, by check. */
function rowStops(refused: readonly Refusal[]): Stop[] {
  const checks = [...new Set(refused.map(({check}) => check))];
  return checks.map(check => {
    const rows = refused.filter(refusal => refusal.check === check);
    const {message, example} = rows[0]!;
    return {check, count: rows.length, message, example, rows};
  });
}
