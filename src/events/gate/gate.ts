import {
  type CheckStatus,
  type Clock,
  type Columns,
  type EventBatch,
  MillraceError,
  nearest,
  type PositionedBatch,
  type PushAnswer,
  type StreamRecord,
} from '../../protocol/index.ts';
import type {EventLog, ObjectStore} from '../../stores/index.ts';
import type {Quarantine} from '../quarantine/quarantine.ts';
import {columnsRowAsJson, rowAsJson} from '../quarantine/refused-row.ts';
import type {Source} from '../source.ts';
import {type GateCheckpoint, loadCheckpoint, saveCheckpoint} from './checkpoint.ts';
import {forgetful} from './forget.ts';
import {readRows} from './read-rows.ts';
import {recover} from './recover.ts';
import type {RefusedRow} from './refusal.ts';
import {stopError} from './stop-error.ts';
import {type Admission, type Arrival, type Stop, StreamGate} from './stream-gate.ts';

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
 * is; what had got in is then a duplicate. (A row may then stand in quarantine twice.) A push that a check stops
 * leaves nothing behind, neither in the log nor in quarantine.
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
    for (const [name, stream] of gate.#streams)
      await recover(stream, log, checkpoint?.streams[name], checkpoint?.position ?? 0);
    const refused = quarantine.read({from: checkpoint?.quarantine ?? 0, settled: true});
    for await (const {stream, check, example, at} of refused)
      gate.#streams.get(stream)?.tally.addCheck({check, action: 'reject', example, at});
    return gate;
  }

  /**
   * Pushes live events as JSON objects. Times are ISO 8601 with a zone or epoch milliseconds; a column that may
   * be null may be absent; a vector is an array. `position` in the answer is one past all events the answer speaks
   * of. Throws STREAM_UNKNOWN, and CHECK_STOPPED if a check stops the push.
   */
  push(stream: string, rows: readonly unknown[]): Promise<PushAnswer> {
    return this.#pushRows(stream, rows, 'live', true);
  }

  /**
   * Pushes rows of the quarantine again; those that are refused stay where they are, and the answer says why. Rows
   * of a history get the arrival times of a history.
   */
  pushAgain(stream: string, rows: readonly unknown[], arrival: Arrival): Promise<PushAnswer> {
    return this.#pushRows(stream, rows, arrival, false);
  }

  /**
   * Pushes events as columns: the path of bulk loads and replays. The gate takes the arrays over: do not write
   * to them afterwards. `unreadable` are rows of the same batch that have no typed form; they are counted and
   * quarantined with it. Throws STREAM_UNKNOWN, SOURCE_SCHEMA if the columns are not those of the source, and
   * CHECK_STOPPED if a check stops the batch.
   */
  async pushColumns(
    stream: string,
    columns: Columns,
    {arrival, unreadable = NONE}: {readonly arrival: Arrival; readonly unreadable?: readonly RefusedRow[]},
  ): Promise<ColumnsPushed> {
    const gate = this.#stream(stream);
    return this.#inTurn(gate, async () => {
      const admission = gate.admit(columns, arrival, this.#clock.now(), this.#log.end());
      const {batch, duplicates, refused, stops} = admission;
      if (stops.length > 0) throw this.#stopped(gate, stops);
      let rejected = unreadable;
      if (refused.length > 0) {
        const rows = refused.map(refusal => ({...refusal, row: columnsRowAsJson(gate.source, columns, refusal.index)}));
        rejected = [...unreadable, ...rows];
      }
      const {position, late} = await this.#settle(gate, admission, rejected, arrival);
      return {
        accepted: batch?.count ?? 0,
        duplicates,
        rejected: rejected.length,
        late,
        batch: batch && {...batch, position},
      };
    });
  }

  /**
   * Would a check stop these batches if they were pushed one after the other? Throws CHECK_STOPPED then; nothing
   * is pushed either way. A load of many batches does this first, so that it gets in whole or not at all. Reads
   * nothing if no check of the stream stops.
   */
  async rehearse(stream: string, batches: AsyncIterable<Columns>, arrival: Arrival): Promise<void> {
    const gate = this.#stream(stream);
    if (!gate.stops) return;
    const rehearsal = gate.rehearsal();
    let end = this.#log.end();
    for await (const {count, columns} of batches) {
      const {batch, stops} = rehearsal.admit({count, columns}, arrival, this.#clock.now(), end);
      if (stops.length > 0) throw this.#stopped(gate, stops);
      if (!batch) continue;
      end += batch.count;
      rehearsal.count(batch, end);
    }
  }

  /** The sources whose events it lets in. */
  get sources(): readonly Source[] {
    return [...this.#streams.values()].map(({source}) => source);
  }

  /** The source of a stream. Throws STREAM_UNKNOWN. */
  source(stream: string): Source {
    return this.#stream(stream).source;
  }

  /** The time of its clock (UTC ms). */
  now(): number {
    return this.#clock.now();
  }

  /** What stands of a stream. Rejects are counted once per row, under the first check that it broke. */
  report(stream: string): StreamRecord {
    return this.#stream(stream).tally.record();
  }

  /** `report` of every stream, in the order of the sources. */
  reports(): StreamRecord[] {
    return [...this.#streams.values()].map(stream => stream.tally.record());
  }

  /** How every check stands at a time, freshness and volume included, in the order of the sources. */
  checkStatus(now = this.#clock.now()): CheckStatus[] {
    return [...this.#streams.values()].flatMap(stream => stream.status(now));
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
        [...this.#streams].map(([name, stream]) => [
          name,
          {idsFrom: stream.ids.from, tally: stream.tally.state(), checks: stream.saveChecks()},
        ]),
      ),
    });
  }

  /**
   * Forgets what it remembers of events that were erased: their ids, the values that checks compare with, and all
   * examples of these streams; its checkpoint too. Counts stay. Call it while nothing is pushed.
   */
  async forget(streams: readonly string[]): Promise<void> {
    if (this.#unsettled > 0) throw new TypeError('A gate can only forget while nothing is pushed.');
    for (const name of streams) this.#streams.set(name, await forgetful(this.#stream(name), this.#log));
    await this.checkpoint();
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

  async #pushRows(stream: string, rows: readonly unknown[], arrival: Arrival, park: boolean): Promise<PushAnswer> {
    const gate = this.#stream(stream);
    return this.#inTurn(gate, async () => {
      const {columns, indexes, refused} = readRows(gate.source, rows);
      const admission = gate.admit(columns, arrival, this.#clock.now(), this.#log.end());
      if (admission.stops.length > 0) throw this.#stopped(gate, admission.stops, indexes);
      const all = [...refused, ...admission.refused.map(r => ({...r, index: indexes[r.index]!}))];
      all.sort((a, b) => a.index - b.index);
      const rejected = park ? all.map(refusal => ({...refusal, row: rowAsJson(rows[refusal.index])})) : NONE;
      await this.#settle(gate, admission, rejected, arrival);
      return {
        accepted: admission.batch?.count ?? 0,
        duplicates: admission.duplicates,
        rejected: all.map(({index, check, message}) => ({index, check, message})),
        position: this.#log.end(),
      };
    });
  }

  /** Pushes that a check may stop for what came before go one after the other; all others at once. */
  #inTurn<T>(gate: StreamGate, push: () => Promise<T>): Promise<T> {
    if (!gate.stopsInTurn) return push();
    const pushed = gate.turn.then(push);
    // The next push waits for this one but does not inherit its failure, which its own caller gets.
    gate.turn = pushed.catch(() => undefined);
    return pushed;
  }

  /** Counts what stops a push, and makes the error of it. */
  #stopped(gate: StreamGate, stops: readonly Stop[], indexes?: readonly number[]): MillraceError {
    const at = this.#clock.now();
    gate.tally.beginPush();
    for (const {check, count, example} of stops) gate.tally.addCheck({check, action: 'stop', example, at, count});
    return stopError(gate.source.name, stops, indexes);
  }

  /** Makes the outcome of a push durable, then counts it. The log is called before anything is awaited. */
  async #settle(
    gate: StreamGate,
    {batch, duplicates}: Admission,
    rejected: readonly RefusedRow[],
    arrival: Arrival,
  ): Promise<Appended> {
    const at = this.#clock.now();
    this.#unsettled++;
    try {
      // A duplicate may repeat an event that is still on its way to the log, and shares its fate.
      const repeated = duplicates > 0 && gate.appending.size > 0 ? Promise.all(gate.appending) : null;
      const append = batch && this.#append(gate, batch);
      const parked = rejected.length > 0 ? this.#quarantine.append(quarantined(gate, rejected, at, arrival)) : null;
      if (repeated || parked) await Promise.all([append, repeated, parked]);
      const appended = append ? await append : NOTHING;
      if (duplicates > 0) gate.tally.addDuplicates(duplicates);
      // Rows of the quarantine that are refused again are no push.
      if (!batch && rejected.length + duplicates > 0) gate.tally.beginPush();
      for (const {check, example} of rejected) gate.tally.addCheck({check, action: 'reject', example, at});
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
      gate.tally.beginPush();
      gate.count(batch, position + batch.count);
      return {position, late: gate.tally.addEvents(batch)};
    } catch (error) {
      gate.ids.remove(batch.ids);
      throw error;
    } finally {
      gate.appending.delete(append);
    }
  }
}

function quarantined({source}: StreamGate, rejected: readonly RefusedRow[], at: number, arrival: Arrival) {
  return rejected.map(({check, message, example, row, texts}) => ({
    stream: source.name,
    at,
    check,
    message,
    example,
    row,
    ...(arrival === 'history' ? {arrival} : {}),
    ...(texts ? {texts} : {}),
  }));
}
