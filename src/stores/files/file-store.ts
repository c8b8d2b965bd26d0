/**
 * Objects as files. A new version is written beside the old one, brought to the disk and renamed over it. A
 * symbolic link below the folder is no object and leads nowhere: it is neither followed nor listed.
 */
import {constants} from 'node:fs';
import {type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';
import type {ObjectStore} from '../object-store.ts';
import {assertName, UNFINISHED} from './names.ts';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

export class FileStore implements ObjectStore {
  readonly #root: string;
  #writes = 0;

  /** @param root absolute, without symbolic links */
  constructor(root: string) {
    this.#root = root;
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    assertName(name);
    const path = join(this.#root, name);
    const beside = `${path}.${process.pid}-${++this.#writes}${UNFINISHED}`;
    const copy = Uint8Array.from(bytes);
    let file: FileHandle | undefined;
    try {
      await this.#assertNoLinks(name);
      file = await createIn(dirname(path), beside);
      await file.writeFile(copy);
      await file.sync();
      await rename(beside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      if (file) await rm(beside, {force: true});
      throw failure(name, error);
    } finally {
      await file?.close();
    }
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    assertName(name);
    try {
      await this.#assertNoLinks(name);
      const file = await open(join(this.#root, name), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return new Uint8Array(await file.readFile());
      } finally {
        await file.close();
      }
    } catch (error) {
      if (ABSENT.has(codeOf(error) ?? '')) return undefined;
      throw failure(name, error);
    }
  }

  async list(prefix = ''): Promise<string[]> {
    const names: string[] = [];
    await this.#collect('', prefix, names);
    return names.sort();
  }

  async remove(name: string): Promise<void> {
    assertName(name);
    const path = join(this.#root, name);
    try {
      await this.#assertNoLinks(name);
      if ((await lstat(path)).isDirectory()) return;
      await rm(path);
      await syncFolder(dirname(path));
      await this.#removeEmptyFolders(dirname(path));
    } catch (error) {
      if (!ABSENT.has(codeOf(error) ?? '')) throw failure(name, error);
    }
  }

  /** Adds the objects below a folder (its name ends in `/`, or is empty) that start with `prefix`. */
  async #collect(folder: string, prefix: string, names: string[]): Promise<void> {
    const entries = await readdir(join(this.#root, folder), {withFileTypes: true}).catch((error: unknown) => {
      // Removed since it was listed.
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      const name = folder + entry.name;
      if (entry.isFile() && name.startsWith(prefix) && !name.endsWith(UNFINISHED)) names.push(name);
      const below = `${name}/`;
      if (entry.isDirectory() && (below.startsWith(prefix) || prefix.startsWith(below)))
        await this.#collect(below, prefix, names);
    }
  }

  async #assertNoLinks(name: string): Promise<void> {
    let path = this.#root;
    for (const part of name.split('/')) {
      path = join(path, part);
      const stat = await lstat(path).catch((error: unknown) => {
        if (ABSENT.has(codeOf(error) ?? '')) return undefined;
        throw error;
      });
      if (!stat) return;
      if (stat.isSymbolicLink())
        throw new MillraceError('REQUEST_INVALID', `'${name}' leads through a symbolic link (${path}).`, {
          fix: 'Put the file itself into the folder.',
        });
    }
  }

  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let path = folder; path !== this.#root; path = dirname(path)) {
      try {
        await rmdir(path);
      } catch (error) {
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) return;
        throw error;
      }
    }
  }
}

/** Creates a file and its folder; tries again when the folder is removed in between, because it was empty. */
async function createIn(folder: string, path: string, tries = 10): Promise<FileHandle> {
  await mkdir(folder, {recursive: true});
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || tries === 1) throw error;
    return createIn(folder, path, tries - 1);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function failure(name: string, error: unknown): unknown {
  if (error instanceof MillraceError || codeOf(error) === undefined) return error;
  if (ABSENT.has(codeOf(error)!) || codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTEMPTY')
    return new MillraceError('STORE_CONFLICT', `'${name}' would stand where other objects have a part of their name.`, {
      cause: error,
      fix: 'Choose a name that is not the beginning of others, nor goes on after one.',
    });
  return new MillraceError('STORE_FAILED', `The object '${name}' could not be read or written.`, {
    cause: error,
    fix: 'Make sure that the disk has room and the folder can be written.',
  });
}
