/** The online store beyond one machine: Redis, one packed value per key. Needs the package ioredis. */
import {MillraceError} from '../../protocol/index.ts';
import {Connection} from './connection.ts';
import {RedisStore} from './redis-store.ts';
import {redisTarget} from './redis-target.ts';

export type {RedisStore} from './redis-store.ts';
export type {RedisDurability} from './server-facts.ts';

export type RedisStoreOptions = {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. Its password is in no error. */
  readonly url: string;
  /** Stands before every key, so that several projects share a database; 'millrace:' unless told otherwise. */
  readonly prefix?: string;
  /** How long Redis may be silent while something is asked of it; 2,000 ms unless told otherwise. */
  readonly timeoutMs?: number;
  /** Calls that may wait for an answer at once; 10,000. Beyond, a call is refused with QUEUE_FULL. */
  readonly maxPending?: number;
  /** Bytes of values that may be on their way to Redis at once; 256 MiB. A single larger write is let through alone. */
  readonly maxPendingBytes?: number;
  /** Keys a scan may hold in memory, because Redis has no order; 5,000,000. Beyond: REQUEST_TOO_LARGE. */
  readonly maxScanKeys?: number;
};

/**
 * Connects. Throws REQUEST_INVALID for a URL that is none, PACKAGE_MISSING without ioredis, STORE_UNAVAILABLE if Redis
 * cannot be reached within the timeout, STORE_FAILED if it refuses the password or is set to evict keys.
 */
export async function openRedis(options: RedisStoreOptions): Promise<RedisStore> {
  const target = redisTarget(options.url);
  const Client = await loadClient();
  const connection = await Connection.open(Client, target, {
    timeoutMs: options.timeoutMs ?? 2_000,
    maxPending: options.maxPending ?? 10_000,
    maxPendingBytes: options.maxPendingBytes ?? 256 * 2 ** 20,
  });
  return new RedisStore(connection, options.prefix ?? 'millrace:', options.maxScanKeys ?? 5_000_000);
}

async function loadClient(): Promise<typeof import('ioredis').Redis> {
  try {
    return (await import('ioredis')).Redis;
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', 'The online store in Redis needs the package ioredis.', {
      cause,
      fix: 'Run: npm install ioredis',
    });
  }
}
