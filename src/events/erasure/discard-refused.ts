/** Refused rows of an entity. They are kept from being replayed; the quarantine never changes a line, so they stay in its file. */
import type {Quarantine, Settlement} from '../quarantine/quarantine.ts';
import type {StreamKey} from './entity-keys.ts';

/**
 * Discards waiting rows with the keys, and returns the offsets of all that the quarantine holds, by stream. Values are
 * compared as text, since a refused row may have any types.
 */
export async function discardRefused(
  quarantine: Quarantine,
  keys: Readonly<Record<string, StreamKey>>,
  at: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  const discarded: Settlement[] = [];
  for (const [stream, key] of Object.entries(keys)) {
    const offsets: number[] = [];
    const wanted = Object.entries(key);
    for await (const {offset, row, settlement} of quarantine.read({stream, settled: true})) {
      const values = typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>) : {};
      if (!wanted.every(([column, value]) => column in values && String(values[column]) === String(value))) continue;
      offsets.push(offset);
      if (settlement === null) discarded.push({offset, at, outcome: 'discarded', reason: 'erased by key'});
    }
    if (offsets.length > 0) found.set(stream, offsets);
  }
  if (discarded.length > 0) await quarantine.settle(discarded);
  return found;
}
