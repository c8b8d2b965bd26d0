/** The embedded online store: a memory-mapped B-tree (LMDB) in a folder. Several processes may have it open. */
import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {open, type RootDatabase} from 'lmdb';
import {MillraceError} from '../../protocol/index.ts';
import {assertKey} from '../online-key.ts';
import type {LocalStore} from '../online-store.ts';
import {utf8Keys} from './key-encoding.ts';

/** Entries that a scan fetches at once. */
const PAGE = 1_000;

const SMALLEST_KEY = '\u0000';

/** Opens the store in `folder`, which is made if absent. */
export async function openLmdb(folder: string): Promise<LocalStore> {
  mkdirSync(folder, {recursive: true});
  // noSubdir: false, because a folder with a dot in its name would be taken for a file.
  return new LmdbStore(
    folder,
    open<Buffer, string>({path: folder, noSubdir: false, encoding: 'binary', keyEncoder: utf8Keys}),
  );
}

/**
 * Opens what another process writes in `folder`, for reading. All reads of one turn of the event loop are of one commit;
 * readers that died are forgotten, so that the writer may use their pages again. Throws STORE_UNAVAILABLE if there is no
 * store.
 */
export function openLmdbReader(folder: string): LocalStore {
  if (!existsSync(join(folder, 'data.mdb')))
    throw new MillraceError('STORE_UNAVAILABLE', `There is no online store in ${folder}.`, {
      fix: 'Start the process that writes it first.',
    });
  // `open` itself forgets readers that died.
  return new LmdbStore(
    folder,
    open<Buffer, string>({path: folder, noSubdir: false, readOnly: true, encoding: 'binary', keyEncoder: utf8Keys}),
  );
}

class LmdbStore implements LocalStore {
  readonly #folder: string;
  readonly #database: RootDatabase<Buffer, string>;
  #closing: Promise<void> | undefined;

  constructor(folder: string, database: RootDatabase<Buffer, string>) {
    this.#folder = folder;
    this.#database = database;
  }

  get(key: string): Uint8Array | undefined {
    this.#assertOpen();
    assertKey(key);
    const bytes = this.#database.getBinaryFast(key);
    // A buffer that lmdb reuses, longer than what its `length` says.
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.#assertOpen();
    for (const key of keys) assertKey(key);
    // `getBinary` copies out of the memory map.
    return keys.map(key => this.#database.getBinary(key));
  }

  async putMany(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    this.#assertOpen();
    for (const [key] of entries) assertKey(key);
    if (entries.length === 0) return;
    // A batch is one transaction; it is committed on another thread, so the values are copied first.
    await this.#database.batch(() => {
      for (const [key, value] of entries) {
        if (value === undefined) this.#database.remove(key);
        else this.#database.put(key, Buffer.from(value));
      }
    });
  }

  async *scan(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    let start = prefix || SMALLEST_KEY;
    let exclusiveStart = false;
    for (;;) {
      this.#assertOpen();
      const range = this.#database.getRange({start, exclusiveStart, limit: PAGE});
      const page = [...range].map(({key, value}) => [key, Uint8Array.from(value)] as const);
      for (const entry of page) {
        if (!entry[0].startsWith(prefix)) return;
        yield entry;
      }
      if (page.length < PAGE) return;
      start = page.at(-1)![0];
      exclusiveStart = true;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#database.close();
    return this.#closing;
  }

  #assertOpen(): void {
    if (this.#closing)
      throw new MillraceError('STORE_CLOSED', `The online store in ${this.#folder} is closed.`, {
        fix: 'Open it again to read or write.',
      });
  }
}
