/** The embedded metadata store: SQLite (libsql), one file with its write-ahead log beside it. */
import {mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import type {MetadataStore} from '../metadata-store.ts';
import {type LibsqlOptions, LibsqlStore, openDatabase} from './libsql-store.ts';

export type {LibsqlOptions} from './libsql-store.ts';

/**
 * Opens the store in `file`; it and its folder are made if absent. Several processes may have it open; a write
 * waits up to five seconds for another's, then throws STORE_BUSY. Throws STORE_CORRUPT if the file is no database.
 */
export async function openLibsql(file: string, options: LibsqlOptions = {}): Promise<MetadataStore> {
  mkdirSync(dirname(file), {recursive: true});
  return new LibsqlStore(file, openDatabase(file, options));
}
