/**
 * One connection to Redis that comes back by itself.
 *
 *   opening ──► open ◄──► away ──► closed
 *
 * Only `open` takes calls. `away` fails them at once: nothing is queued, nothing is sent twice. When the server is
 * silent for `timeoutMs` while something is asked of it, the connection is given up and everything on it fails.
 *
 * A write that failed so may still lie unread in the server's socket, and must not be applied after a later write. So
 * before the next connection takes calls, it has the server drop the one before (CLIENT KILL).
 */
import type {Redis, RedisOptions} from 'ioredis';
import {MillraceError} from '../../protocol/index.ts';
import {evicting, isAnswer, reasonOf, refused, unavailable} from './failure.ts';
import type {RedisTarget} from './redis-target.ts';
import {durabilityOf, type RedisDurability, serverFacts} from './server-facts.ts';

export type ConnectionLimits = {
  readonly timeoutMs: number;
  readonly maxPending: number;
  readonly maxPendingBytes: number;
};

export class Connection {
  readonly target: RedisTarget;
  readonly #limits: ConnectionLimits;
  readonly #redis: Redis;
  #state: 'opening' | 'open' | 'away' | 'closed' = 'opening';
  /** Why it is away, made anew for each caller. */
  #why: () => MillraceError;
  #durability: RedisDurability = 'unknown';
  #previous: {readonly run: string; readonly id: number} | undefined;
  readonly #pending = new Set<Promise<unknown>>();
  #pendingBytes = 0;

  static async open(
    Client: new (options: RedisOptions) => Redis,
    target: RedisTarget,
    limits: ConnectionLimits,
  ): Promise<Connection> {
    const connection = new Connection(Client, target, limits);
    await connection.#opened();
    return connection;
  }

  private constructor(Client: new (options: RedisOptions) => Redis, target: RedisTarget, limits: ConnectionLimits) {
    this.target = target;
    this.#limits = limits;
    this.#why = this.#closedByServer;
    this.#redis = new Client({
      host: target.host,
      port: target.port,
      db: target.database,
      ...(target.username === undefined ? {} : {username: target.username}),
      ...(target.password === undefined ? {} : {password: target.password}),
      ...(target.tls ? {tls: {}} : {}),
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      maxLoadingRetryTime: 500,
      connectTimeout: limits.timeoutMs,
      socketTimeout: limits.timeoutMs,
      disconnectTimeout: 100,
      retryStrategy: attempt => Math.min(1_000, 50 * 2 ** (attempt - 1)),
      // After a fail-over the old primary is a replica: look again where the name leads.
      reconnectOnError: error => error.message.startsWith('READONLY'),
    });
    // The error comes before what was under way is rejected, and says more than that rejection.
    this.#redis.on('error', error => {
      this.#why = () => this.#failure(error);
    });
    this.#redis.on('close', () => {
      if (this.#state === 'open') this.#state = 'away';
    });
  }

  /** What an acknowledged write survives, as the server was set when the connection was made. */
  get durability(): RedisDurability {
    return this.#durability;
  }

  /**
   * Sends at once, in the order of the calls. `send` has copied its arguments when it returns.
   * @param bytes that are to be sent, counted against the limit
   */
  async run<T>(send: (redis: Redis) => Promise<T>, bytes = 0): Promise<T> {
    this.#assertOpen(bytes);
    const sent = send(this.#redis);
    this.#pending.add(sent);
    this.#pendingBytes += bytes;
    try {
      return await sent;
    } catch (error) {
      throw isAnswer(error) ? refused(this.target, error) : this.#why();
    } finally {
      this.#pending.delete(sent);
      this.#pendingBytes -= bytes;
    }
  }

  /** Waits for what is under way, at most until its timeout. */
  async close(): Promise<void> {
    this.#state = 'closed';
    await Promise.allSettled(this.#pending);
    const {status} = this.#redis;
    const ended = status === 'end' || status === 'wait' || status === 'reconnecting';
    const end = ended ? undefined : new Promise<void>(resolve => this.#redis.once('end', resolve));
    this.#redis.disconnect();
    await end;
  }

  /** Resolves when the first connection takes calls; closes it and throws when it does not. */
  async #opened(): Promise<void> {
    try {
      await this.#redis.connect().catch(() => {
        throw this.#why();
      });
      await this.#admit();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#redis.on('ready', () => void this.#readmit());
  }

  async #readmit(): Promise<void> {
    try {
      await this.#admit();
    } catch (error) {
      if (this.#state === 'closed') return;
      this.#redis.disconnect(true);
      this.#why = () => error as MillraceError;
    }
  }

  /** Drops the connection before this one, looks at the server, and takes calls. */
  async #admit(): Promise<void> {
    const redis = this.#redis;
    const answers = Promise.all([redis.info(), redis.client('ID')]).then(async ([info, id]) => {
      const facts = serverFacts(info);
      // Without a connection before this one it names itself, which the server skips: a user without the right
      // to do this is found out here, not after the first failure.
      const stale = this.#previous?.run === facts.run ? this.#previous.id : id;
      await redis.call('CLIENT', 'KILL', 'ID', stale, 'SKIPME', 'yes');
      const policy = facts.appendOnly ? await appendFsync(redis) : undefined;
      return {facts, id, policy};
    });
    const {facts, id, policy} = await answers.catch(error => {
      throw isAnswer(error) ? refused(this.target, error) : this.#why();
    });
    if (facts.evicts !== undefined) throw evicting(this.target, facts.evicts);
    this.#previous = {run: facts.run, id};
    this.#durability = durabilityOf(facts, policy);
    if (this.#state === 'closed') return;
    this.#state = 'open';
    this.#why = this.#closedByServer;
  }

  #assertOpen(bytes: number): void {
    if (this.#state === 'closed')
      throw new MillraceError('STORE_CLOSED', `The online store in Redis at ${this.target.name} is closed.`, {
        fix: 'Open it again to read or write.',
      });
    if (this.#state !== 'open') throw this.#why();
    const {maxPending, maxPendingBytes} = this.#limits;
    if (this.#pending.size >= maxPending || (this.#pendingBytes > 0 && this.#pendingBytes + bytes > maxPendingBytes))
      throw new MillraceError(
        'QUEUE_FULL',
        `${this.#pending.size} calls with ${this.#pendingBytes} bytes wait for Redis at ${this.target.name}; ${maxPending} calls and ${maxPendingBytes} bytes are allowed.`,
        {fix: 'Wait for earlier calls before making more, or turn the request away.'},
      );
  }

  readonly #closedByServer = (): MillraceError => unavailable(this.target, 'closed the connection.');

  #failure(error: Error): MillraceError {
    if (isAnswer(error)) return refused(this.target, error);
    const silent = /^Socket timeout|ETIMEDOUT/.test(error.message);
    const what = silent ? `does not answer within ${this.#limits.timeoutMs} ms.` : `cannot be reached:`;
    return unavailable(this.target, silent ? what : `${what} ${reasonOf(error, this.target)}.`);
  }
}

/** `undefined` where CONFIG is not allowed, as on most managed servers. */
async function appendFsync(redis: Redis): Promise<string | undefined> {
  try {
    return ((await redis.config('GET', 'appendfsync')) as string[])[1];
  } catch (error) {
    if (isAnswer(error)) return undefined;
    throw error;
  }
}
