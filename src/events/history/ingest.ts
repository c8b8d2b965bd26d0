import {type Clock, type PositionedBatch, wallClock} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {EventGate} from '../gate/gate.ts';
import type {Source} from '../source.ts';
import {countBefore, type HistoryOptions, readHistory} from './read-history.ts';

export type IngestOptions = HistoryOptions & {
  readonly source: Source;
  readonly gate: EventGate;
  readonly sql: SqlEngine;
  /** Rows dealt with so far, `skipped` included. */
  readonly onProgress?: (rows: number) => void;
  /** Accepted events, in order, once they are in the log. */
  readonly onBatch?: (batch: PositionedBatch) => void | Promise<void>;
  /** Measures `seconds`; the wall clock unless told otherwise. */
  readonly clock?: Clock;
};

export type IngestReport = {
  readonly stream: string;
  /** Rows of the history that were dealt with: skipped + accepted + duplicates + rejected. */
  readonly rows: number;
  /** Rows before the latest event of the stream, which an earlier load has dealt with. */
  readonly skipped: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly late: number;
  readonly seconds: number;
};

/**
 * Loads the history of a source through the gate. A load that was interrupted is resumed by calling this again:
 * unless `from` is given, it begins at the latest event time that the stream has, and the gate recognises the
 * events at that time. So rows added to the files before that time are skipped too, and counted as such; name
 * `from` to load them. If a check of the source may stop a load, the files are read twice: nothing of them gets
 * in if it does (CHECK_STOPPED).
 */
export async function ingest(options: IngestOptions): Promise<IngestReport> {
  const {source, gate, sql, onProgress, onBatch, clock = wallClock, ...range} = options;
  const started = clock.now();
  const latest = gate.report(source.name).to;
  const from = range.from ?? latest ?? undefined;
  let skipped = 0;
  if (range.from === undefined && latest !== null)
    skipped = Math.min(await countBefore(source, sql, range.folder, latest), range.limit ?? Number.POSITIVE_INFINITY);
  const sum = {accepted: 0, duplicates: 0, rejected: 0, late: 0};
  let rows = skipped;
  const rest = {...range, ...(from === undefined ? {} : {from})};
  await gate.rehearse(source.name, readHistory(source, sql, rest), 'history');
  for await (const batch of readHistory(source, sql, rest)) {
    const {unreadable} = batch;
    const pushed = await gate.pushColumns(source.name, batch, {arrival: 'history', unreadable});
    if (pushed.batch) await onBatch?.(pushed.batch);
    sum.accepted += pushed.accepted;
    sum.duplicates += pushed.duplicates;
    sum.rejected += pushed.rejected;
    sum.late += pushed.late;
    rows += batch.count + unreadable.length;
    onProgress?.(rows);
  }
  await gate.checkpoint();
  return {stream: source.name, rows, skipped, ...sum, seconds: (clock.now() - started) / 1_000};
}
