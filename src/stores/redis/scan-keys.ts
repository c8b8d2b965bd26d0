/** All keys of Redis that start with some bytes, sorted by their bytes. */
import {MillraceError} from '../../protocol/index.ts';
import type {Connection} from './connection.ts';

/** Keys the server looks at in one step of a SCAN. */
const STEP = 1_000;

/**
 * Names one character per byte ('latin1'): so their order is that of their bytes, and they take a byte per byte.
 * Throws REQUEST_TOO_LARGE beyond `limit` names.
 */
export async function collectKeys(connection: Connection, prefix: string, limit: number): Promise<string[]> {
  const names = new Set<string>();
  const pattern = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`;
  let cursor = '0';
  do {
    const [next, page] = await connection.run(redis => redis.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', STEP));
    // While the server's table grows or shrinks a key may come twice.
    for (const name of page) names.add(name.toString('latin1'));
    if (names.size > limit)
      throw new MillraceError('REQUEST_TOO_LARGE', `More than ${limit} keys start with '${prefix}'.`, {
        fix: 'Scan longer prefixes one after the other, or open the store with a larger maxScanKeys (some 100 bytes each).',
      });
    cursor = String(next);
  } while (cursor !== '0');
  return [...names].sort();
}
