import {
  type Clock,
  type Columns,
  type EventBatch,
  MillraceError,
  nearest,
  type PositionedBatch,
  type PushAnswer,
  positionAt,
  type StreamRecord,
} from '../../protocol/index.ts';
import type {EventLog, ObjectStore} from '../../stores/index.ts';
import type {Quarantine} from '../quarantine/quarantine.ts';
import {columnsRowAsJson, rowAsJson} from '../quarantine/refused-row.ts';
import type {Source} from '../source.ts';
import {type GateCheckpoint, loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {readRows} from './read-rows.ts';
import type {RefusedRow} from './refusal.ts';
import {type Admission, type Arrival, StreamGate} from './stream-gate.ts';

export type EventGateOptions = {
  readonly log: EventLog;
  readonly sources: readonly Source[];
  /** Stamps the arrival of live events. */
  readonly clock: Clock;
  readonly quarantine: Quarantine;
  /** Where counts are kept between runs; without it the whole log is read on opening. */
  readonly objects?: ObjectStore;
  /** How long an id is remembered, in arrival time: at least 24 hours, or the lateness of the source if that is longer. */
  readonly horizonMs?: number;
};

export type ColumnsPushed = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Accepted, but too late for any feature to use. */
  readonly late: number;
  /** The accepted events with their positions; null if there are none. */
  readonly batch: PositionedBatch | null;
};

/** Where a batch begins in the log, and how many of its events were late. */
type Appended = {readonly position: number; readonly late: number};

const NOTHING: Appended = {position: -1, late: 0};
const DAY_MS = 86_400_000;
const EVENTS_PER_CHECKPOINT = 250_000;
const NONE: readonly RefusedRow[] = [];

/**
 * The door of the event log: every event of a project passes it, live or from history, and there is one gate
 * per log. It checks, drops redelivered events, stamps arrival times, appends, and puts what it refuses into
 * quarantine.
 *
 * What readers of the log may rely on: every event fits its schema and passed every rejecting check, and no id
 * stands twice in a stream within the horizon, so nobody behind the gate deduplicates again.
 *
 * An answer is given when all it speaks of is durable: the accepted events are in the log, the rejected rows in
 * quarantine, and the events that duplicates repeat are in the log too. A push that fails may be repeated as it
 * is; what had got in is then a duplicate. (A row may then stand in quarantine twice.)
 */
export class EventGate {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #quarantine: Quarantine;
  readonly #objects: ObjectStore | undefined;
  readonly #streams = new Map<string, StreamGate>();
  /** Pushes whose events or refusals are on their way to the disk. */
  #unsettled = 0;
  #sinceCheckpoint = 0;

  private constructor({log, sources, clock, quarantine, objects, horizonMs}: EventGateOptions, from?: GateCheckpoint) {
    this.#log = log;
    this.#clock = clock;
    this.#quarantine = quarantine;
    this.#objects = objects;
    for (const source of sources) {
      if (this.#streams.has(source.name))
        throw new MillraceError('DEFINITION_INVALID', `Two sources are called '${source.name}'.`, {
          fix: 'Give each source its own name.',
        });
      const horizon = Math.max(horizonMs ?? DAY_MS, source.latenessMs);
      this.#streams.set(source.name, new StreamGate(source, horizon, from?.streams[source.name]?.tally));
    }
  }

  /** Opens the gate: reads back what the log and the quarantine hold since the last checkpoint, and the recent ids. */
  static async open(options: EventGateOptions): Promise<EventGate> {
    const {log, quarantine, objects} = options;
    const saved = objects && (await loadCheckpoint(objects));
    // A checkpoint of a log that was since replaced counts nothing that exists.
    const checkpoint = saved && saved.position <= log.end() && saved.quarantine <= quarantine.end() ? saved : undefined;
    const gate = new EventGate(options, checkpoint);
    for (const [name, stream] of gate.#streams) {
      const known = checkpoint?.streams[name];
      await gate.#recover(stream, known?.idsFrom ?? 0, known ? checkpoint!.position : 0);
    }
    for await (const {stream, check, example} of quarantine.read({from: checkpoint?.quarantine ?? 0}))
      gate.#streams.get(stream)?.tally.addCheck(check, 'reject', example);
    return gate;
  }

  /**
   * Pushes live events as JSON objects. Times are ISO 8601 with a zone or epoch milliseconds; a column that may
   * be null may be absent. `position` in the answer is one past all events the answer speaks of. Throws
   * STREAM_UNKNOWN.
   */
  async push(stream: string, rows: readonly unknown[]): Promise<PushAnswer> {
    const gate = this.#stream(stream);
    const {columns, indexes, refused} = readRows(gate.source, rows);
    const admission = gate.admit(columns, 'live', this.#clock.now(), this.#log.end());
    const all = [...refused, ...admission.refused.map(r => ({...r, index: indexes[r.index]!}))];
    all.sort((a, b) => a.index - b.index);
    const rejected = all.map(refusal => ({...refusal, row: rowAsJson(rows[refusal.index])}));
    await this.#settle(gate, admission, rejected);
    return {
      accepted: admission.batch?.count ?? 0,
      duplicates: admission.duplicates,
      rejected: all.map(({index, check, message}) => ({index, check, message})),
      position: this.#log.end(),
    };
  }

  /**
   * Pushes events as columns: the path of bulk loads and replays. The gate takes the arrays over: do not write
   * to them afterwards. `unreadable` are rows of the same batch that have no typed form; they are counted and
   * quarantined with it. Throws STREAM_UNKNOWN, and SOURCE_SCHEMA if the columns are not those of the source.
   */
  async pushColumns(
    stream: string,
    columns: Columns,
    {arrival, unreadable = NONE}: {readonly arrival: Arrival; readonly unreadable?: readonly RefusedRow[]},
  ): Promise<ColumnsPushed> {
    const gate = this.#stream(stream);
    const admission = gate.admit(columns, arrival, this.#clock.now(), this.#log.end());
    const {batch, duplicates, refused} = admission;
    let rejected = unreadable;
    if (refused.length > 0) {
      const rows = refused.map(refusal => ({...refusal, row: columnsRowAsJson(gate.source, columns, refusal.index)}));
      rejected = [...unreadable, ...rows];
    }
    const {position, late} = await this.#settle(gate, admission, rejected);
    return {
      accepted: batch?.count ?? 0,
      duplicates,
      rejected: rejected.length,
      late,
      batch: batch && {...batch, position},
    };
  }

  /** What stands of a stream. Rejects are counted once per row, under the first check that it broke. */
  report(stream: string): StreamRecord {
    return this.#stream(stream).tally.record();
  }

  /** `report` of every stream, in the order of the sources. */
  reports(): StreamRecord[] {
    return [...this.#streams.values()].map(stream => stream.tally.record());
  }

  /** Saves the counts, so that the next opening need not read the whole log. A no-op while pushes are under way. */
  async checkpoint(): Promise<void> {
    if (!this.#objects || this.#unsettled > 0) return;
    this.#sinceCheckpoint = 0;
    await saveCheckpoint(this.#objects, {
      format: 1,
      position: this.#log.end(),
      quarantine: this.#quarantine.end(),
      streams: Object.fromEntries(
        [...this.#streams].map(([name, {ids, tally}]) => [name, {idsFrom: ids.from, tally: tally.state()}]),
      ),
    });
  }

  /** Waits for nothing: call it when all pushes have been answered. The log and the quarantine stay open. */
  async close(): Promise<void> {
    await this.checkpoint();
  }

  #stream(name: string): StreamGate {
    const gate = this.#streams.get(name);
    if (gate) return gate;
    const names = [...this.#streams.keys()];
    const near = nearest(name, names);
    throw new MillraceError('STREAM_UNKNOWN', `There is no stream '${name}'.`, {
      fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Push to one of ${names.join(', ')}.`,
    });
  }

  /** Makes the outcome of a push durable, then counts it. The log is called before anything is awaited. */
  async #settle(gate: StreamGate, admission: Admission, rejected: readonly RefusedRow[]): Promise<Appended> {
    const {batch, duplicates} = admission;
    this.#unsettled++;
    try {
      // A duplicate may repeat an event that is still on its way to the log, and shares its fate.
      const repeated = duplicates > 0 && gate.appending.size > 0 ? Promise.all(gate.appending) : null;
      const append = batch && this.#append(gate, batch);
      const parked = rejected.length > 0 ? this.#quarantine.append(this.#quarantined(gate, rejected)) : null;
      if (repeated || parked) await Promise.all([append, repeated, parked]);
      const appended = append ? await append : NOTHING;
      if (duplicates > 0) gate.tally.addDuplicates(duplicates);
      for (const {check, example} of rejected) gate.tally.addCheck(check, 'reject', example);
      return appended;
    } finally {
      this.#unsettled--;
      if (this.#sinceCheckpoint >= EVENTS_PER_CHECKPOINT) await this.checkpoint();
    }
  }

  async #append(gate: StreamGate, batch: EventBatch): Promise<Appended> {
    const append = this.#log.append(batch);
    gate.appending.add(append);
    try {
      const position = await append;
      this.#sinceCheckpoint += batch.count;
      gate.countWarnings(batch);
      return {position, late: gate.tally.addEvents(batch)};
    } catch (error) {
      gate.ids.remove(batch.ids);
      throw error;
    } finally {
      gate.appending.delete(append);
    }
  }

  #quarantined(gate: StreamGate, rejected: readonly RefusedRow[]) {
    const stream = gate.source.name;
    const at = this.#clock.now();
    return rejected.map(({check, message, example, row}) => ({stream, at, check, message, example, row}));
  }

  /** Reads one stream of the log: ids from `idsFrom` on, counts from `countsFrom` on. */
  async #recover(stream: StreamGate, idsFrom: number, countsFrom: number): Promise<void> {
    const {name} = stream.source;
    for await (const batch of this.#log.read({stream: name, from: Math.min(idsFrom, countsFrom)})) {
      let latest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < batch.count; i++) latest = Math.max(latest, batch.arrivalTimes[i]!);
      stream.ids.advance(latest, batch.position);
      for (const id of batch.ids) stream.ids.add(id);
      let counted = 0;
      while (counted < batch.count && positionAt(batch, counted) < countsFrom) counted++;
      stream.tally.addEvents({
        count: batch.count - counted,
        eventTimes: batch.eventTimes.subarray(counted),
        arrivalTimes: batch.arrivalTimes.subarray(counted),
      });
    }
  }
}
