/** The latest state per key in Redis: one string value per key, read by MGET, written by one command or transaction. */
import {assertKey} from '../online-key.ts';
import type {OnlineStore} from '../online-store.ts';
import type {Connection} from './connection.ts';
import {collectKeys} from './scan-keys.ts';
import type {RedisDurability} from './server-facts.ts';

/** Keys of one MGET: a longer one would keep the server from its other clients. */
const PAGE = 1_000;

export class RedisStore implements OnlineStore {
  readonly #connection: Connection;
  readonly #prefix: string;
  readonly #maxScanKeys: number;

  constructor(connection: Connection, prefix: string, maxScanKeys: number) {
    this.#connection = connection;
    this.#prefix = prefix;
    this.#maxScanKeys = maxScanKeys;
  }

  /** What an acknowledged write survives. It always survives the death of this process. */
  get durability(): RedisDurability {
    return this.#connection.durability;
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    for (const key of keys) assertKey(key);
    const names = keys.map(key => this.#prefix + key);
    if (names.length <= PAGE) return this.#page(names);
    const pages = Array.from({length: Math.ceil(names.length / PAGE)}, (_, i) =>
      this.#page(names.slice(i * PAGE, (i + 1) * PAGE)),
    );
    return (await Promise.all(pages)).flat();
  }

  async putMany(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    for (const [key] of entries) assertKey(key);
    const puts: (string | Buffer)[] = [];
    const removed: string[] = [];
    let bytes = 0;
    for (const [key, value] of new Map(entries)) {
      const name = this.#prefix + key;
      bytes += name.length;
      if (value === undefined) removed.push(name);
      else {
        puts.push(name, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
        bytes += value.byteLength;
      }
    }
    // One command is applied whole or not at all; two take a transaction.
    await this.#connection.run(async (redis): Promise<unknown> => {
      if (removed.length === 0) return puts.length > 0 && redis.mset(puts);
      if (puts.length === 0) return redis.del(removed);
      return redis.multi().mset(puts).del(removed).exec();
    }, bytes);
  }

  /**
   * Redis keeps no order, so the keys are collected and sorted first, and their values read page by page. The rejected
   * way is a sorted set of all keys beside the values: it costs every write, for a scan that is rare. SCAN walks through
   * the whole database, whatever the prefix. Throws REQUEST_TOO_LARGE if there are more keys than `maxScanKeys`.
   */
  async *scan(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    const names = await collectKeys(this.#connection, this.#prefix + prefix, this.#maxScanKeys);
    for (let start = 0; start < names.length; start += PAGE) {
      const page = names.slice(start, start + PAGE).map(name => Buffer.from(name, 'latin1').toString());
      const values = await this.#page(page);
      for (const [i, value] of values.entries()) if (value) yield [page[i]!.slice(this.#prefix.length), value];
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #page(names: string[]): Promise<(Uint8Array | undefined)[]> {
    if (names.length === 0) return this.#connection.run(async () => []);
    const values = await this.#connection.run(redis => redis.mgetBuffer(names));
    // A value is a window on what came through the socket: it is copied, so that it does not keep that alive.
    return values.map(value => (value === null ? undefined : new Uint8Array(value)));
  }
}
