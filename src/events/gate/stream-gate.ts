// The gate of one stream: checks, deduplicates and stamps a batch of columns. Synchronous and without I/O, so
// that the order of calls is the order in the log.
import {type Columns, type EventBatch, MillraceError, type Problem} from '../../protocol/index.ts';
import {cellValue, compileRules, type Rule, show} from '../checks/rule.ts';
import {select} from '../columns.ts';
import type {Source} from '../source.ts';
import {RecentIds} from './recent-ids.ts';
import type {Refusal} from './refusal.ts';
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
};

const DUPLICATE = 0xffff;

export class StreamGate {
  readonly source: Source;
  readonly ids: RecentIds;
  readonly tally: Tally;
  /** Appends that have not been acknowledged yet. */
  readonly appending = new Set<Promise<number>>();
  readonly #names: readonly string[];
  readonly #rejects: readonly Rule[];
  readonly #warns: readonly Rule[];
  /** Per row: 0, or the number of the rule it broke, or DUPLICATE. All zero between batches. */
  #codes = new Uint16Array(1_024);

  constructor(source: Source, horizonMs: number, tally?: TallyState) {
    const rules = compileRules(source);
    this.source = source;
    this.ids = new RecentIds(horizonMs);
    this.tally = new Tally(source, tally);
    this.#names = Object.keys(source.schema);
    this.#rejects = rules.filter(rule => rule.action === 'reject');
    this.#warns = rules.filter(rule => rule.action === 'warn');
  }

  /** Decides on every row and remembers the ids of those that get in. `position` is the end of the log. */
  admit(columns: Columns, arrival: Arrival, now: number, position: number): Admission {
    this.#requireColumns(columns);
    const {count} = columns;
    if (this.#codes.length < count) this.#codes = new Uint16Array(count);
    const codes = this.#codes;
    let refusals = false;
    for (let r = 0; r < this.#rejects.length; r++) {
      const rule = this.#rejects[r]!;
      if (rule.mark(columns.columns[rule.column]!, count, codes, r + 1)) refusals = true;
    }
    const refused = refusals ? this.#refusals(columns, codes) : [];
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
    return {batch: accepted === 0 ? null : this.#stamp(kept, arrival, now), duplicates, refused};
  }

  /** Counts the rows of an accepted batch that break a rule which only warns. */
  countWarnings({count, columns}: Columns): void {
    for (const rule of this.#warns) {
      const data = columns[rule.column]!;
      if (!rule.mark(data, count, this.#codes, 1)) continue;
      for (let i = 0; i < count; i++)
        if (this.#codes[i] !== 0) this.tally.addCheck(rule.check, rule.action, show(cellValue(data, rule.type, i)));
      this.#codes.fill(0, 0, count);
    }
  }

  #refusals(columns: Columns, codes: Uint16Array): Refusal[] {
    const refused: Refusal[] = [];
    for (let index = 0; index < columns.count; index++) {
      if (codes[index] === 0) continue;
      const rule = this.#rejects[codes[index]! - 1]!;
      const value = cellValue(columns.columns[rule.column]!, rule.type, index);
      refused.push({index, check: rule.check, message: rule.message(value), example: show(value)});
    }
    return refused;
  }

  #latestArrival({count, columns}: Columns, arrival: Arrival, now: number, codes: Uint16Array): number {
    if (this.source.arrival === null && arrival === 'live') return now;
    const times = columns[this.source.arrival ?? this.source.time] as Float64Array;
    let latest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) if (codes[i] === 0 && times[i]! > latest) latest = times[i]!;
    return this.source.arrival === null ? latest + this.source.delayMs : latest;
  }

  #stamp({count, columns}: Columns, arrival: Arrival, now: number): EventBatch {
    const {name, id, time, delayMs} = this.source;
    const eventTimes = columns[time] as Float64Array;
    let arrivalTimes: Float64Array;
    if (this.source.arrival !== null) arrivalTimes = columns[this.source.arrival] as Float64Array;
    else if (arrival === 'live') arrivalTimes = new Float64Array(count).fill(now);
    else arrivalTimes = delayMs === 0 ? eventTimes : eventTimes.map(t => t + delayMs);
    return {stream: name, count, columns, ids: columns[id] as readonly string[], eventTimes, arrivalTimes};
  }

  /** The columns are exactly those of the schema, each in the right container. Throws SOURCE_SCHEMA. */
  #requireColumns({count, columns}: Columns): void {
    let given = 0;
    for (const _ in columns) given++;
    let right = given === this.#names.length;
    for (const name of this.#names) {
      const data = columns[name];
      right &&=
        data !== undefined &&
        data.length === count &&
        data instanceof Float64Array === (this.source.schema[name]!.type !== 'string');
    }
    if (!right) throw this.#wrongColumns(count, columns);
  }

  #wrongColumns(count: number, columns: Columns['columns']): MillraceError {
    const problems: Problem[] = [];
    for (const name of this.#names) {
      const data = columns[name];
      const container = this.source.schema[name]!.type === 'string' ? 'an array of strings' : 'a Float64Array';
      if (!data) problems.push({path: name, message: `Column '${name}' is missing.`});
      else if (data.length !== count)
        problems.push({path: name, message: `Column '${name}' has ${data.length} rows; the batch has ${count}.`});
      else if (data instanceof Float64Array !== (container === 'a Float64Array'))
        problems.push({path: name, message: `Column '${name}' must be ${container}.`});
    }
    for (const name of Object.keys(columns))
      if (!this.#names.includes(name)) problems.push({path: name, message: `Column '${name}' is not in the schema.`});
    return new MillraceError('SOURCE_SCHEMA', `The columns do not fit source '${this.source.name}'.`, {problems});
  }
}

/** The rows whose code is 0, in order. */
function uncoded(codes: Uint16Array, count: number, kept: number): Uint32Array {
  const rows = new Uint32Array(kept);
  for (let i = 0, to = 0; i < count; i++) if (codes[i] === 0) rows[to++] = i;
  return rows;
}
