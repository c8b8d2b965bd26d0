/** Refused rows of an entity. */
import type {Quarantine} from '../quarantine/quarantine.ts';
import type {StreamKey} from './entity-keys.ts';

/**
 * The offsets of all rows with the keys that the quarantine holds, by stream, waiting or not. Values are compared as
 * text, since a refused row may have any types.
 */
export async function refusedWithKeys(
  quarantine: Quarantine,
  keys: Readonly<Record<string, StreamKey>>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, number[]>();
  for await (const {stream, offset, row} of quarantine.read({settled: true})) {
    const key = keys[stream];
    if (!key || typeof row !== 'object' || row === null) continue;
    const values = row as Readonly<Record<string, unknown>>;
    if (!Object.entries(key).every(([column, value]) => column in values && String(values[column]) === String(value)))
      continue;
    found.set(stream, [...(found.get(stream) ?? []), offset]);
  }
  return found;
}
