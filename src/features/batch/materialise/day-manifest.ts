import {mkdir, open, readdir, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';

/** What of one stream a day was computed from: the events in [from, to), null being the beginning. */
export type DaySource = {
  readonly stream: string;
  readonly from: number | null;
  readonly to: number;
  /** Changes if one of the partitions that hold these events does. */
  readonly version: string;
};

/** The values of one day's rows. */
export type MaterialisedDay = {
  /** 2001-04-01, UTC. */
  readonly day: string;
  readonly sources: readonly DaySource[];
  readonly rows: number;
  /** Of all values, in the order of rows. */
  readonly hash: string;
  /** Null where the day has no rows. */
  readonly file: string | null;
};

export type DayManifest = {
  readonly format: 1;
  readonly set: string;
  /** Version of all that the values depend on but the events. */
  readonly definition: string;
  /** In the order of time. */
  readonly days: readonly MaterialisedDay[];
};

const MANIFEST = 'manifest.json';

/** The manifest of a folder, undefined if there is none. Removes what it does not name: a process was stopped there. */
export async function openDays(folder: string): Promise<DayManifest | undefined> {
  await mkdir(folder, {recursive: true});
  const names = await readdir(folder);
  const manifest = names.includes(MANIFEST)
    ? (JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as DayManifest)
    : undefined;
  const named = new Set([MANIFEST, ...(manifest?.days ?? []).map(({file}) => file)]);
  for (const name of names) if (!named.has(name)) await rm(join(folder, name));
  if (manifest === undefined) return undefined;
  const there = new Set(names);
  return {...manifest, days: manifest.days.filter(({file}) => file === null || there.has(file))};
}

/** Stands whole and on the disk when this resolves, or as it was before. */
export async function saveDays(folder: string, manifest: DayManifest): Promise<void> {
  const beside = join(folder, `${MANIFEST}.unfinished`);
  const file = await open(beside, 'w');
  try {
    await file.writeFile(JSON.stringify(manifest, null, 1));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(folder, MANIFEST));
}
