/** The keys that every online store takes. */
import {MillraceError} from '../protocol/index.ts';

const MAX_KEY_BYTES = 1_900;

/** Throws REQUEST_INVALID for a key that cannot be stored. */
export function assertKey(key: string): void {
  // A character takes at most three bytes per UTF-16 unit: most keys need no counting.
  const bytes = key.length * 3 <= MAX_KEY_BYTES ? key.length : Buffer.byteLength(key);
  if (bytes === 0 || bytes > MAX_KEY_BYTES)
    throw new MillraceError('REQUEST_INVALID', `A key of ${bytes} bytes cannot be stored: '${key.slice(0, 40)}'.`, {
      fix: `Make keys of 1 to ${MAX_KEY_BYTES} bytes of UTF-8.`,
    });
}
