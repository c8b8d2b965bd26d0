/** The embedded object store: a file per object in a folder. */
import {mkdirSync, realpathSync} from 'node:fs';
import type {ObjectStore} from '../object-store.ts';
import {FileStore} from './file-store.ts';

/** Opens the store in `folder`, which is made if absent. Objects are found by their names below it, and nowhere else. */
export async function openFiles(folder: string): Promise<ObjectStore> {
  mkdirSync(folder, {recursive: true});
  return new FileStore(realpathSync(folder));
}
