/** Records in SQLite. Calls are synchronous underneath: a point read takes microseconds, less than a trip to a thread. */
import Database from 'libsql';
import {type JsonValue, MillraceError} from '../../protocol/index.ts';
import type {MetadataQuery, MetadataRecord, MetadataStore, MetadataWrite} from '../metadata-store.ts';
import {GET, LIST, LIST_PREFIX, PUT, REMOVE, REVISION, SCHEMA} from './schema.ts';

export type LibsqlOptions = {
  /**
   * What a write survives. `process` (the default): kill -9; a loss of power may take the last writes, but never
   * half of one. `disk`: a loss of power too, at the cost of an fsync of some milliseconds per write, during
   * which this process does nothing else.
   */
  readonly durability?: 'process' | 'disk';
};

type Connection = Database.Database;
type Statement = Database.Statement<unknown[]>;
type Row = {kind: string; id: string; revision: number; at: number; value: string};

const BUSY_MS = 5_000;

export function openDatabase(file: string, {durability = 'process'}: LibsqlOptions): Connection {
  try {
    const database = new Database(file, {timeout: BUSY_MS});
    database.prepare('PRAGMA journal_mode = WAL').all();
    database.exec(`PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'}`);
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    throw failure(file, error);
  }
}

export class LibsqlStore implements MetadataStore {
  readonly #file: string;
  readonly #database: Connection;
  readonly #statements = new Map<string, Statement>();
  #closed = false;

  constructor(file: string, database: Connection) {
    this.#file = file;
    this.#database = database;
  }

  async get(kind: string, id: string): Promise<MetadataRecord | undefined> {
    this.#assertOpen();
    const row = this.#answer(() => this.#statement(GET).get(kind, id) as Row | undefined);
    return row && recordOf(row);
  }

  async list(kind: string, query: MetadataQuery = {}): Promise<MetadataRecord[]> {
    this.#assertOpen();
    const {from = -Infinity, to = Infinity, order = 'oldest', limit = 1_000, idPrefix = ''} = query;
    const rows = this.#answer(() =>
      idPrefix === ''
        ? this.#statement(LIST[order]).all(kind, from, to, limit)
        : this.#statement(LIST_PREFIX[order]).all(kind, idPrefix, idPrefix, from, to, limit),
    );
    return (rows as Row[]).map(recordOf);
  }

  async write(writes: readonly MetadataWrite[]): Promise<number[]> {
    this.#assertOpen();
    for (const write of writes) assertStorable(write);
    if (writes.length === 0) return [];
    return this.#answer(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const revisions = writes.map(write => this.#writeOne(write));
        this.#database.exec('COMMIT');
        return revisions;
      } catch (error) {
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async remove(
    kind: string,
    {before, limit = 1_000}: {readonly before: number; readonly limit?: number},
  ): Promise<number> {
    this.#assertOpen();
    return this.#answer(() => this.#statement(REMOVE).run(kind, kind, before, limit).changes);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#database.close();
  }

  #writeOne({kind, id, at, value, expected}: MetadataWrite): number {
    const stored = this.#statement(REVISION).get(kind, id) as {revision: number} | undefined;
    const revision = stored?.revision ?? 0;
    if (expected !== undefined && expected !== revision)
      throw new MillraceError(
        'STORE_CONFLICT',
        `The ${kind} '${id}' ${revision === 0 ? 'does not exist' : `is at revision ${revision}`}; ${
          expected === 0 ? 'it was expected not to exist' : `revision ${expected} was expected`
        }.`,
        {fix: 'Read the record again and repeat the change on what it says now.'},
      );
    this.#statement(PUT).run(kind, id, revision + 1, at, JSON.stringify(value));
    return revision + 1;
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #answer<T>(ask: () => T): T {
    try {
      return ask();
    } catch (error) {
      throw failure(this.#file, error);
    }
  }

  #assertOpen(): void {
    if (this.#closed)
      throw new MillraceError('STORE_CLOSED', `The metadata store ${this.#file} is closed.`, {
        fix: 'Open it again to read or write.',
      });
  }
}

function recordOf({kind, id, revision, at, value}: Row): MetadataRecord {
  return {kind, id, revision, at, value: JSON.parse(value) as JsonValue};
}

/** SQLite ends text at U+0000 and stores NaN as null. */
function assertStorable({kind, id, at}: MetadataWrite): void {
  const problem = [kind, id].some(text => text === '' || text.includes('\0'))
    ? 'needs a kind and an id that are not empty and do not contain U+0000'
    : Number.isFinite(at)
      ? undefined
      : `needs a time in UTC milliseconds, not ${at}`;
  if (problem) throw new MillraceError('REQUEST_INVALID', `A record (kind '${kind}', id '${id}') ${problem}.`);
}

function failure(file: string, error: unknown): unknown {
  const code = (error as {code?: unknown} | undefined)?.code;
  if (error instanceof MillraceError || typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_BUSY'))
    return new MillraceError('STORE_BUSY', `Another process has been writing to ${file} for ${BUSY_MS / 1_000} s.`, {
      cause: error,
      fix: 'Wait until the other process is done, then repeat.',
    });
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new MillraceError('STORE_CORRUPT', `${file} is damaged or no database.`, {
      cause: error,
      fix: 'Restore the file from a backup, or name another.',
    });
  return new MillraceError('STORE_FAILED', `The metadata store ${file} failed: ${(error as Error).message}`, {
    cause: error,
    fix: 'Make sure that the disk has room and the file can be written.',
  });
}
