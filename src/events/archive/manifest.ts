/**
 * Which files an archived stream consists of. The manifest alone decides: it is replaced by one rename, and a file
 * that it does not name is nothing and is removed.
 */
import {mkdir, open, readdir, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {PartitionBy} from './partition.ts';
import type {Slice} from './slice.ts';

/** A Parquet file of events. */
export type Part = {
  readonly file: string;
  readonly bytes: number;
  /** Begin of the only partition that it holds; null: it holds events as they came, of any partition. */
  readonly partition: number | null;
  /** What it holds, partition by partition, in the order of time. */
  readonly slices: readonly Slice[];
};

export type Manifest = {
  readonly format: 1;
  readonly by: PartitionBy;
  /** Column of the event time. */
  readonly time: string;
  /** The parts hold all events of the stream at log positions in [from, to), but for erased ones. */
  readonly from: number;
  readonly to: number;
  /** The number that the next file gets, so that no name is used twice. */
  readonly nextFile: number;
  readonly parts: readonly Part[];
};

const MANIFEST = 'manifest.json';

export type FoundManifest = {
  readonly manifest: Manifest;
  /** A file that the manifest names and that is not there. */
  readonly lost: string | undefined;
};

/** Undefined if there is none. Removes files that the manifest does not name. */
export async function openManifest(folder: string): Promise<FoundManifest | undefined> {
  await mkdir(folder, {recursive: true});
  const names = new Set(await readdir(folder));
  const manifest = names.has(MANIFEST)
    ? (JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest)
    : undefined;
  const files = manifest?.parts.map(({file}) => file) ?? [];
  const named = new Set(manifest ? [MANIFEST, ...files] : []);
  for (const name of names) if (!named.has(name)) await rm(join(folder, name), {recursive: true});
  return manifest && {manifest, lost: files.find(file => !names.has(file))};
}

export async function saveManifest(folder: string, manifest: Manifest): Promise<void> {
  await replaceJson(folder, MANIFEST, manifest);
}

/** Writes a file that stands whole and on the disk when this resolves, or as it was before. */
export async function replaceJson(folder: string, name: string, value: unknown): Promise<void> {
  const path = join(folder, name);
  const beside = `${path}.unfinished`;
  const file = await open(beside, 'w');
  try {
    await file.writeFile(JSON.stringify(value));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncPath(folder);
}

/** Brings a file, or the names in a folder, to the disk. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
