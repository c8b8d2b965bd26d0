/** What is being erased from log and archive: positions by stream, no values. It stands until both are done. */
import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {replaceJson, syncPath} from './manifest.ts';

type Positions = ReadonlyMap<string, readonly number[]>;

const NAME = 'erasure.json';

export async function writeErasure(folder: string, positions: Positions): Promise<void> {
  await mkdir(folder, {recursive: true});
  await replaceJson(folder, NAME, Object.fromEntries(positions));
}

/** Undefined if nothing is being erased. */
export async function readErasure(folder: string): Promise<Positions | undefined> {
  try {
    const text = await readFile(join(folder, NAME), 'utf8');
    return new Map(Object.entries(JSON.parse(text) as Record<string, readonly number[]>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function clearErasure(folder: string): Promise<void> {
  await rm(join(folder, NAME), {force: true});
  await syncPath(folder);
}
