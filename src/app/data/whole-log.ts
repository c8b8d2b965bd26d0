import type {EventArchive, Source} from '../../events/index.ts';
import {type EventBatch, MillraceError, type PositionedBatch} from '../../protocol/index.ts';
import type {EventLog, SqlEngine} from '../../stores/index.ts';
import {archivedEvents} from './archived-events.ts';
import {inPositionOrder} from './position-order.ts';

export type WholeLogOptions = {
  readonly log: EventLog;
  readonly archive: EventArchive;
  readonly sql: SqlEngine;
  readonly sources: readonly Source[];
};

type Range = {readonly stream?: string; readonly from?: number; readonly to?: number};

/**
 * The event log of a project with everything that it ever held: what was truncated is read from the archive. Whoever
 * rebuilds a state reads it, and need not know what retention has done. Everything else is the log's own, `start`
 * included: where its files begin.
 */
export class WholeLog implements EventLog {
  readonly #log: EventLog;
  readonly #archive: EventArchive;
  readonly #sql: SqlEngine;
  readonly #sources: readonly Source[];

  constructor({log, archive, sql, sources}: WholeLogOptions) {
    this.#log = log;
    this.#archive = archive;
    this.#sql = sql;
    this.#sources = sources;
  }

  async *read({stream, from = 0, to = this.#log.end()}: Range = {}): AsyncIterable<PositionedBatch> {
    const start = this.#log.start();
    if (from < start) {
      // Says so if the archive lags behind the log.
      await this.#archive.update(start);
      this.#requireArchived(from, start);
      const sources = this.#sources.filter(({name}) => stream === undefined || name === stream);
      const range = {from, to: Math.min(to, start)};
      yield* inPositionOrder(
        sources.map(source => archivedEvents(this.#sql, source, this.#archive.relation(source.name), range)),
      );
    }
    yield* this.#log.read({...(stream === undefined ? {} : {stream}), from: Math.max(from, start), to});
  }

  /** A stream that was declared later begins later; but the log was only ever truncated when the archive had all of it. */
  #requireArchived(from: number, start: number): void {
    const begins = Math.min(...this.#sources.map(({name}) => this.#archive.archivedFrom(name)));
    if (begins <= from) return;
    throw new MillraceError(
      'STORE_CORRUPT',
      `The event log begins at position ${start} and its archive at ${begins}: events from ${from} on are in neither.`,
      {fix: 'Restore the folder of the archive from a backup. Without it no live state can be made again.'},
    );
  }

  append(batch: EventBatch): Promise<number> {
    return this.#log.append(batch);
  }

  start(): number {
    return this.#log.start();
  }

  end(): number {
    return this.#log.end();
  }

  truncateBefore(position: number): Promise<number> {
    return this.#log.truncateBefore(position);
  }

  erase(positions: ArrayLike<number>): Promise<number> {
    return this.#log.erase(positions);
  }

  sync(): Promise<void> {
    return this.#log.sync();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
