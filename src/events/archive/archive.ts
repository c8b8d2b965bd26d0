import {MillraceError} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import type {Source} from '../source.ts';
import {ArchivedStream} from './archived-stream.ts';
import {clearErasure, readErasure, writeErasure} from './erasure-intent.ts';
import type {Erased} from './part-folder.ts';
import type {ArchivePartition, PartitionBy, TimeRange} from './partition.ts';

export type EventArchiveOptions = {
  readonly log: EventLog;
  readonly sql: SqlEngine;
  /** Where the Parquet files are kept; the folder is the archive's own. */
  readonly folder: string;
  readonly sources: readonly Source[];
  /** How events are kept by event time. Days unless said; months where the history is of many years. */
  readonly partitionBy?: PartitionBy;
};

/** The tail is compacted when it has more parts than this, or more rows. */
const TAIL_PARTS = 32;
const TAIL_ROWS = 1_000_000;

/**
 * Parquet copies of the event log, one folder per stream, for SQL. Besides the columns of the schema each event has
 * `_position` (in the log), `_id`, `_time` and `_arrival`; all times are BIGINT epoch milliseconds.
 *
 * Of what the log holds the log is the truth, and the archive can be made again from it. Of what the log has dropped
 * (`truncateLog`) the archive is the only copy.
 *
 * New events, late ones among them, go to parts of their own, as they came. Compaction sorts them into partitions by
 * event time, so that a query over a day reads the files of that day and the short tail. Each change is one rename of
 * a manifest. A source whose columns change begins a new folder.
 */
export class EventArchive {
  readonly #log: EventLog;
  readonly #folder: string;
  readonly #streams: ReadonlyMap<string, ArchivedStream>;
  #opened = false;
  /** Changes run one after the other; settles when none is under way. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor({log, sql, folder, sources, partitionBy = 'day'}: EventArchiveOptions) {
    this.#log = log;
    this.#folder = folder;
    this.#streams = new Map(
      sources.map(source => [source.name, new ArchivedStream({log, sql, folder, source, by: partitionBy})]),
    );
  }

  /** Reads what stands, and completes an erasure that was cut short. Other calls that wait do so themselves. */
  open(): Promise<void> {
    return this.#change(async () => undefined);
  }

  /**
   * Archives the events below log position `to` (the end of the log unless given) that are not archived yet.
   * Calls that overlap run one after the other.
   */
  update(to = this.#log.end()): Promise<void> {
    return this.#change(async () => {
      // The archive must not hold what a loss of power takes from the log.
      await this.#log.sync();
      for (const stream of this.#streams.values()) {
        await stream.append(to);
        const {tail} = stream;
        const rows = tail.reduce((sum, {slices}) => slices.reduce((n, slice) => n + slice.rows, sum), 0);
        if (tail.length > TAIL_PARTS || rows > TAIL_ROWS) await stream.compact();
      }
    });
  }

  /** Sorts all that is archived into partitions. `update` does so by itself when there is enough. */
  compact(): Promise<void> {
    return this.#change(async () => {
      for (const stream of this.#streams.values()) await stream.compact();
    });
  }

  /**
   * What to write after FROM to select the events of a stream, as of the last update; alias it as you like. With
   * `from` or `to` (UTC ms) only events with `from <= _time < to`, and only files that can hold such are read.
   * Good until the change after the next one, or an erasure. Throws STREAM_UNKNOWN.
   */
  relation(stream: string, {from = -Infinity, to = Infinity}: Partial<TimeRange> = {}): string {
    return this.#stream(stream).relation({from, to});
  }

  /** The partitions with events, in the order of time, as of the last update. Throws STREAM_UNKNOWN. */
  partitions(stream: string): ArchivePartition[] {
    return this.#stream(stream).partitions();
  }

  /** Log position from which on a stream is archived: where the log began when it was first. Throws STREAM_UNKNOWN. */
  archivedFrom(stream: string): number {
    return this.#stream(stream).archivedFrom;
  }

  /** Log position up to which a stream is archived. Throws STREAM_UNKNOWN. */
  archivedTo(stream: string): number {
    return this.#stream(stream).archivedTo;
  }

  /**
   * Archives everything, then truncates the log before `position` and returns its new start. Streams that are in the
   * log and are no source of the archive (predictions) lose their events for good.
   */
  async truncateLog(position: number): Promise<number> {
    const to = this.#log.end();
    await this.update(to);
    return this.#log.truncateBefore(Math.min(position, to));
  }

  /**
   * Erases events at log positions, by stream, from the log and from the archive. Positions without an event are
   * passed over. Killed in the middle, it is completed when the archive is opened again. A relation that was taken
   * before may name files that are gone: take it again. Throws STREAM_UNKNOWN.
   */
  erase(positions: ReadonlyMap<string, readonly number[]>): Promise<ReadonlyMap<string, Erased>> {
    return this.#change(async () => {
      for (const name of positions.keys()) this.#stream(name);
      // With what an erasure that failed has left to do.
      const wanted = new Map((await readErasure(this.#folder)) ?? []);
      for (const [name, chosen] of positions) wanted.set(name, [...(wanted.get(name) ?? []), ...chosen]);
      await writeErasure(this.#folder, wanted);
      return this.#erase(wanted);
    });
  }

  async #erase(positions: ReadonlyMap<string, readonly number[]>): Promise<ReadonlyMap<string, Erased>> {
    const erased = new Map<string, Erased>();
    await this.#log.erase([...positions.values()].flat());
    for (const [name, chosen] of positions) {
      const stream = this.#streams.get(name);
      if (stream) erased.set(name, await stream.erase(chosen));
    }
    await clearErasure(this.#folder);
    return erased;
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(async () => {
      if (!this.#opened) await this.#open();
      for (const stream of this.#streams.values()) await stream.sweep();
      return task();
    });
    // The next one waits for this one but does not inherit its failure, which its own caller gets.
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #open(): Promise<void> {
    for (const stream of this.#streams.values()) await stream.open();
    const pending = await readErasure(this.#folder);
    if (pending) await this.#erase(pending);
    this.#opened = true;
  }

  #stream(name: string): ArchivedStream {
    if (!this.#opened) throw new TypeError('update() the archive before it is read.');
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw new MillraceError('STREAM_UNKNOWN', `There is no stream '${name}' in the archive.`, {
      fix: `Use one of ${[...this.#streams.keys()].join(', ')}.`,
    });
  }
}
