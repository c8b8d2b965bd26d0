/** What a batch run has done, so that one that was killed can go on. It lies beside the predictions. */
import {open, readFile, rename} from 'node:fs/promises';
import {join} from 'node:path';
import {MillraceError, type Problem} from '../../protocol/index.ts';
import type {ServingPolicy} from '../../serving/index.ts';

/** A partition that is complete. */
export type DonePartition = {
  /** Its place: partition `n` has the rows from `n * partitionRows` on. */
  readonly partition: number;
  readonly file: string;
  readonly rows: number;
  readonly sha256: string;
};

/** Where the requests came from: a file by the hash of its bytes, a query by its text. */
export type RequestsRecord =
  | {readonly kind: 'file'; readonly path: string; readonly sha256: string}
  | {readonly kind: 'query'; readonly sql: string}
  | {readonly kind: 'seen'; readonly withinMs: number};

export type BatchManifest = {
  readonly format: 1;
  readonly model: string;
  readonly version: number;
  readonly artifactSha256: string;
  /** What is done about inputs outside what training saw. */
  readonly inputs: ServingPolicy['inputs'];
  readonly requests: RequestsRecord;
  /** Of the file that holds the requests, checked and in order, while the run is under way. */
  readonly requestsSha256: string;
  /** Nothing that was not known then is used (UTC ms). */
  readonly asOf: number;
  /** Events from this log position on are not seen. */
  readonly logPosition: number;
  /** Entities erased from the project before the run began: after another erasure the same run would not be the same. */
  readonly erasures: number;
  readonly features: boolean;
  readonly rows: number;
  readonly partitionRows: number;
  /** In order. */
  readonly partitions: readonly DonePartition[];
  readonly startedAt: number;
  /** Null until all partitions are there. */
  readonly finishedAt: number | null;
  /** The table in the online store that was made of them; null if none was. */
  readonly online: {readonly entries: number; readonly madeAt: number} | null;
};

/** What makes a run the one that it is. What is not given is as the run that stands has it. */
export type RunIdentity = Pick<
  BatchManifest,
  'model' | 'version' | 'artifactSha256' | 'inputs' | 'requests' | 'features' | 'erasures'
> & {readonly asOf?: number; readonly partitionRows?: number};

export const MANIFEST = 'manifest.json';

/** Throws STORE_CORRUPT if there is one that cannot be read. */
export async function readManifest(folder: string): Promise<BatchManifest | null> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const manifest = JSON.parse(text) as BatchManifest;
    if (manifest.format === 1 && Array.isArray(manifest.partitions)) return manifest;
  } catch (cause) {
    throw notOurs(folder, cause);
  }
  throw notOurs(folder);
}

const notOurs = (folder: string, cause?: unknown): MillraceError =>
  new MillraceError('STORE_CORRUPT', `${join(folder, MANIFEST)} is no record of a batch run of this release.`, {
    cause,
    fix: 'Name another --out, or begin anew with --restart.',
  });

/** Replaces the manifest: killed at any time, there is the old one or the new one. */
export async function writeManifest(folder: string, manifest: BatchManifest): Promise<void> {
  const path = join(folder, MANIFEST);
  const file = await open(`${path}.unfinished`, 'w');
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.unfinished`, path);
}

/** Throws STORE_CONFLICT naming everything in which the run that stands in the folder is another one. */
export function requireSameRun(folder: string, there: BatchManifest, here: RunIdentity): void {
  const problems: Problem[] = [];
  for (const [path, value] of Object.entries(here)) {
    const stands = there[path as keyof RunIdentity];
    if (value !== undefined && content(stands) !== content(value))
      problems.push({path, message: `${path} is ${shown(path, stands)} there and ${shown(path, value)} here.`});
  }
  if (problems.length > 0)
    throw new MillraceError(
      'STORE_CONFLICT',
      `Another run stands in ${folder}: ${problems.map(({message}) => message).join(' ')}`,
      {problems, fix: 'Repeat the command that began it to go on, name another --out, or begin anew with --restart.'},
    );
}

/** A file is the same wherever it lies. */
const content = (value: unknown): string => JSON.stringify(value, (key, part) => (key === 'path' ? undefined : part));

const shown = (path: string, value: unknown): string =>
  path === 'asOf' ? new Date(value as number).toISOString() : JSON.stringify(value);
