/** What a Redis server says of itself that decides what a write there is worth. */

/**
 * What an acknowledged write survives:
 * - `always`: a kill of the server and a loss of power (appendonly, appendfsync always)
 * - `second`: mostly a kill of the server; at most about two seconds of writes are lost by it, or by a loss of power
 *   (everysec: the server writes before it answers, unless a sync is under way, and then up to two seconds later)
 * - `system`: mostly a kill of the server; a loss of power takes what the system had not written (appendfsync no)
 * - `none`: no stop of the server but a clean one; at best it comes back as of its last snapshot (no appendonly)
 * - `unknown`: appendonly, but CONFIG GET is not allowed
 *
 * A fail-over to a replica may lose the last writes under all of them: Redis replicates after it answers.
 */
export type RedisDurability = 'always' | 'second' | 'system' | 'none' | 'unknown';

export type ServerFacts = {
  /** New each time the server starts. */
  readonly run: string;
  readonly appendOnly: boolean;
  /** The policy by which the server drops keys that have no expiry once its memory is full; `undefined` if it does not. */
  readonly evicts: string | undefined;
};

/** Reads the answer to INFO. */
export function serverFacts(info: string): ServerFacts {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const policy = field('maxmemory_policy');
  return {
    run: field('run_id'),
    appendOnly: field('aof_enabled') === '1',
    evicts: Number(field('maxmemory')) > 0 && policy.startsWith('allkeys-') ? policy : undefined,
  };
}

const POLICIES: Readonly<Record<string, RedisDurability>> = {always: 'always', everysec: 'second', no: 'system'};

/** @param policy the server's `appendfsync`, if it tells */
export function durabilityOf({appendOnly}: ServerFacts, policy: string | undefined): RedisDurability {
  return appendOnly ? (POLICIES[policy ?? ''] ?? 'unknown') : 'none';
}
