/** How a batch run begins: the one that stands in its folder goes on, or the requests are read and a record is made. */
import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';
import {erasures} from '../data/erase-everywhere.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {BatchVersion} from './batch-version.ts';
import {
  type BatchManifest,
  type DonePartition,
  MANIFEST,
  readManifest,
  requireSameRun,
  writeManifest,
} from './manifest.ts';
import {hashFile, type RequestSource, requestsRecord, writeRequests} from './requests.ts';

export type BatchOptions = {
  readonly source: RequestSource;
  /** Folder of the predictions: `part-00000.parquet`, … and `manifest.json`. */
  readonly out: string;
  /** What was not known then is not used (UTC ms); as the run that stands has it, or now, unless given. */
  readonly asOf?: number;
  /** The champion unless given. */
  readonly version?: number;
  /** 100,000 unless given. */
  readonly partitionRows?: number;
  /** Writes the features beside the predictions. */
  readonly features?: boolean;
  /** Makes the predictions the table that is answered from beforehand. */
  readonly toOnline?: boolean;
  /** Begins anew, whatever stands in the folder. */
  readonly restart?: boolean;
  readonly onProgress?: (step: 'requests' | 'predicting' | 'online', rows: number, of: number | null) => void;
  readonly signal?: AbortSignal;
};

const PARTITION_ROWS = 100_000;
/** The requests of a run that is under way, checked and in order. */
export const REQUESTS = 'requests.parquet';
/** What a run makes in its folder. */
const OURS = /^(part-\d{5,}\.parquet|requests\.parquet|manifest\.json)(\.[\w.-]+)?$/;

/** The run that stands in the folder, as far as it is whole, or a new one. */
export async function beginRun(
  runtime: Runtime,
  definition: ModelDefinition,
  version: BatchVersion,
  folder: string,
  options: BatchOptions,
): Promise<BatchManifest> {
  const {source, asOf, partitionRows, features = false, onProgress} = options;
  const {clock, log} = runtime;
  if (options.restart) await clear(folder);
  const identity = {
    model: definition.name,
    version: version.record.version,
    artifactSha256: version.record.artifact.sha256,
    inputs: definition.serving.inputs,
    requests: await requestsRecord(source),
    features,
    erasures: (await erasures(runtime)).length,
  };
  const there = await readManifest(folder);
  if (there) {
    if (there.finishedAt !== null && asOf === undefined) throw finished(folder, there);
    const given = {...(asOf === undefined ? {} : {asOf}), ...(partitionRows === undefined ? {} : {partitionRows})};
    requireSameRun(folder, there, {...identity, ...given});
    return whole(folder, there);
  }
  await requireOurs(folder);
  const startedAt = clock.now();
  const time = asOf ?? startedAt;
  if (time > startedAt)
    throw new MillraceError(
      'USAGE',
      `It is not ${new Date(time).toISOString()} yet: what will be known then is not known.`,
      {
        fix: `Name a time that is not after now (${new Date(startedAt).toISOString()}).`,
      },
    );
  const logPosition = log.end();
  onProgress?.('requests', 0, null);
  const relation = await relationAt(runtime, logPosition);
  const requests = join(folder, REQUESTS);
  const written = await writeRequests(runtime, definition, source, requests, {asOf: time, relation});
  const manifest: BatchManifest = {
    format: 1,
    ...identity,
    requestsSha256: written.sha256,
    asOf: time,
    logPosition,
    rows: written.rows,
    partitionRows: partitionRows ?? PARTITION_ROWS,
    partitions: [],
    startedAt,
    finishedAt: null,
    online: null,
  };
  await writeManifest(folder, manifest);
  return manifest;
}

/** The run with those partitions that still stand as they were written, and its requests if it needs them. */
async function whole(folder: string, manifest: BatchManifest): Promise<BatchManifest> {
  const hashOf = (file: string) => hashFile(join(folder, file)).catch(() => null);
  const standing: DonePartition[] = [];
  for (const done of manifest.partitions) if ((await hashOf(done.file)) === done.sha256) standing.push(done);
  const rows = standing.reduce((sum, done) => sum + done.rows, 0);
  if (rows < manifest.rows && (await hashOf(REQUESTS)) !== manifest.requestsSha256)
    throw new MillraceError(
      'STORE_CORRUPT',
      `${join(folder, REQUESTS)}, which the run would go on with, is not as it was written.`,
      {
        fix: 'Begin anew with --restart.',
      },
    );
  return {...manifest, partitions: standing};
}

/** The archive as of a position of the log: what came later is not seen, whatever its time. */
export async function relationAt({archive, log}: Runtime, position: number): Promise<(stream: string) => string> {
  await archive.update();
  if (log.end() === position) return stream => archive.relation(stream);
  return stream => `(SELECT * FROM ${archive.relation(stream)} WHERE _position < ${position})`;
}

/** Removes what a run has made, the manifest last: while it is there the run is known to have begun. */
async function clear(folder: string): Promise<void> {
  const ours = (await readdir(folder)).filter(name => OURS.test(name));
  for (const name of ours.filter(other => other !== MANIFEST)) await rm(join(folder, name));
  await rm(join(folder, MANIFEST), {force: true});
}

/** Throws STORE_CONFLICT if predictions stand in the folder and nobody knows of which run. */
async function requireOurs(folder: string): Promise<void> {
  const parts = (await readdir(folder)).filter(name => name.startsWith('part-') && OURS.test(name));
  if (parts.length > 0)
    throw new MillraceError(
      'STORE_CONFLICT',
      `There are files such as ${parts[0]} in ${folder}, and no ${MANIFEST} that says what they are.`,
      {
        fix: 'Name another --out, or replace them with --restart.',
      },
    );
}

const finished = (folder: string, {asOf, rows}: BatchManifest): MillraceError =>
  new MillraceError(
    'STORE_CONFLICT',
    `The run in ${folder} is complete: ${rows.toLocaleString('en-US')} rows as of ${new Date(asOf).toISOString()}.`,
    {
      fix: `Name another --out for a new run, or replace this one with --restart. To use it again, name its time: --as-of ${new Date(asOf).toISOString()}`,
    },
  );
