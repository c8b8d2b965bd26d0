// Files of an export on the disk: never over something else, unless that is wanted.
import {mkdir, readdir, stat, writeFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';

/** Contents by name. */
export type ExportFiles = ReadonlyMap<string, string | Uint8Array>;

export type WrittenFile = {readonly path: string; readonly bytes: number};

const statusOf = (path: string) => stat(path).catch(() => null);

/** Writes into a folder, which is made. Throws USAGE if it holds anything, unless `force`; other files stay as they are. */
export async function writeFolder(folder: string, files: ExportFiles, force: boolean): Promise<WrittenFile[]> {
  const root = resolve(folder);
  const status = await statusOf(root);
  if (status && !status.isDirectory()) throw taken(root, 'is a file', 'Name a folder.');
  if (status && !force && (await readdir(root)).length > 0)
    throw taken(root, 'is not empty', 'Name another folder, or write over what is there with --force.');
  await mkdir(root, {recursive: true});
  return write([...files].map(([name, content]) => [join(root, name), content]));
}

/** Writes files whose names are whole paths. Throws USAGE if one of them is there, unless `force`. */
export async function writeBeside(files: ExportFiles, force: boolean): Promise<WrittenFile[]> {
  for (const path of files.keys()) {
    const status = await statusOf(path);
    if (status?.isDirectory()) throw taken(path, 'is a folder', 'Name a file, or the folder itself with --out.');
    if (status && !force) throw taken(path, 'is there already', 'Name another file, or write over it with --force.');
    await mkdir(dirname(path), {recursive: true});
  }
  return write([...files]);
}

async function write(files: readonly (readonly [path: string, content: string | Uint8Array])[]) {
  for (const [path, content] of files) await writeFile(path, content);
  return files.map(([path, content]) => ({path, bytes: Buffer.byteLength(content)}));
}

const taken = (path: string, what: string, fix: string): MillraceError =>
  new MillraceError('USAGE', `${path} ${what}.`, {fix});
