// Rows of the quarantine get a second chance: pushed again as they are or mended, or given up for a reason.
import {type JsonValue, MillraceError} from '../../protocol/index.ts';
import type {EventGate} from '../gate/gate.ts';
import type {Quarantine, Settlement, StoredRow} from './quarantine.ts';
import {readTexts} from './read-texts.ts';

export type ReplayOptions = {
  readonly quarantine: Quarantine;
  readonly gate: EventGate;
  /** Only the rows of this stream. */
  readonly stream?: string;
  /** Mends a row before it is pushed; undefined leaves it where it is. The quarantine keeps the row as it came. */
  readonly transform?: (row: JsonValue, stored: StoredRow) => JsonValue | undefined;
};

export type ReplayCounts = {
  /** Rows that got in. */
  readonly accepted: number;
  /** Rows whose event was in the log already; they are done too. */
  readonly duplicates: number;
  /** Rows that were refused again; they stay, with the new reason. */
  readonly refused: number;
  /** Rows that were not tried: `transform` left them out, or their stream is gone. */
  readonly left: number;
};

const MOST_ROWS = 1_000;

/**
 * Pushes the waiting rows again, oldest first. A row that gets in is marked as done after its event is in the log:
 * if the process dies in between, the next replay pushes it once more and the gate knows its id (within the horizon
 * of the source), so no row is lost and none is in the log twice. Throws CHECK_STOPPED if a check stops a push;
 * what was replayed before stays so.
 */
export async function replayQuarantine({quarantine, gate, stream, transform}: ReplayOptions): Promise<ReplayCounts> {
  const counts = {accepted: 0, duplicates: 0, refused: 0, left: 0};
  let rows: StoredRow[] = [];
  let mended: JsonValue[] = [];
  const flush = async () => {
    const [first] = rows;
    if (!first) return;
    const answer = await gate.pushAgain(first.stream, mended, first.arrival ?? 'live');
    const reasons = new Map(answer.rejected.map(reason => [reason.index, reason]));
    const at = gate.now();
    await quarantine.settle(
      rows.map(({offset}, i): Settlement => {
        const reason = reasons.get(i);
        if (!reason) return {offset, at, outcome: 'replayed'};
        return {offset, at, outcome: 'refused', check: reason.check, message: reason.message};
      }),
    );
    counts.accepted += answer.accepted;
    counts.duplicates += answer.duplicates;
    counts.refused += answer.rejected.length;
    rows = [];
    mended = [];
  };
  for await (const stored of quarantine.read(stream === undefined ? {} : {stream})) {
    const source = stream === undefined ? gate.sources.find(({name}) => name === stored.stream) : gate.source(stream);
    const row = source && transform ? transform(stored.row, stored) : stored.row;
    if (!source || row === undefined) {
      counts.left++;
      continue;
    }
    const [first] = rows;
    if (first && (first.stream !== stored.stream || first.arrival !== stored.arrival || rows.length === MOST_ROWS))
      await flush();
    rows.push(stored);
    mended.push(stored.texts ? readTexts(source, row) : row);
  }
  await flush();
  return counts;
}

/**
 * Gives up rows, by their offsets, for a reason that is kept with them. Throws RECORD_NOT_FOUND, and discards
 * nothing, if no row waits at one of the offsets.
 */
export async function discardQuarantined(
  quarantine: Quarantine,
  {offsets, reason, at}: {readonly offsets: readonly number[]; readonly reason: string; readonly at: number},
): Promise<void> {
  if (reason.trim() === '')
    throw new MillraceError('REQUEST_INVALID', 'Rows are discarded for a reason; it is empty.', {
      fix: 'Say why the rows are not wanted.',
    });
  const missing = new Set(offsets);
  if (missing.size === 0) return;
  // From the beginning: an offset that someone typed may lie inside of a line.
  for await (const {offset} of quarantine.read()) if (missing.delete(offset) && missing.size === 0) break;
  if (missing.size > 0)
    throw new MillraceError('RECORD_NOT_FOUND', `No row waits in quarantine at ${[...missing].join(', ')}.`, {
      fix: 'Take the offsets from reading the quarantine; a row can be discarded once.',
    });
  await quarantine.settle(offsets.map(offset => ({offset, at, outcome: 'discarded', reason})));
}
