/** Batch prediction: for a file, a query or all requests that were seen, as of a time, resumable by partition. */
import {mkdir, rm} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {type BatchVersion, openBatchVersion} from './batch-version.ts';
import {type BatchOptions, beginRun, REQUESTS, relationAt} from './begin-run.ts';
import {type BatchManifest, writeManifest} from './manifest.ts';
import {type PartitionWork, predictPartition} from './predict-partition.ts';
import {tableOf} from './to-online.ts';

export type BatchResult = {
  readonly manifest: BatchManifest;
  readonly out: string;
  /** Rows that stood already. */
  readonly resumed: number;
  readonly problems: readonly string[];
  /** Of this call. */
  readonly seconds: number;
};

/**
 * Predicts for all requests of a source. Killed at any time, the same call goes on with the first partition that is
 * missing, and the files are the same to the byte. Throws STORE_CONFLICT if another run stands in the folder, NOT_READY,
 * VERSION_NOT_FOUND, and what reading the requests throws.
 */
export async function runBatch(
  runtime: Runtime,
  definition: ModelDefinition,
  options: BatchOptions,
): Promise<BatchResult> {
  const started = performance.now();
  const folder = resolve(options.out);
  const version = await openBatchVersion(runtime, definition, options.version);
  await mkdir(folder, {recursive: true});
  const begun = await beginRun(runtime, definition, version, folder, options);
  const predicted = await predictMissing(runtime, definition, version, folder, begun, options);
  const manifest = await finish(runtime, definition, folder, predicted, options);
  return {
    manifest,
    out: folder,
    resumed: rowsIn(begun),
    problems: version.problems,
    seconds: (performance.now() - started) / 1_000,
  };
}

const rowsIn = ({partitions}: BatchManifest): number => partitions.reduce((sum, {rows}) => sum + rows, 0);

async function predictMissing(
  runtime: Runtime,
  {features: {request: schema}}: ModelDefinition,
  version: BatchVersion,
  folder: string,
  begun: BatchManifest,
  {onProgress, signal}: BatchOptions,
): Promise<BatchManifest> {
  const {rows, partitionRows, asOf, features} = begun;
  const standing = new Set(begun.partitions.map(({partition}) => partition));
  const missing = Array.from({length: Math.ceil(rows / partitionRows)}, (_, i) => i).filter(i => !standing.has(i));
  if (missing.length === 0) return begun;
  const relation = await relationAt(runtime, begun.logPosition);
  const shared = {folder, requests: join(folder, REQUESTS), schema, version, asOf, relation, features};
  let manifest = begun;
  let writing: PartitionWork | null = null;
  const take = async (work: PartitionWork | null) => {
    if (work === null) return;
    const done = await work.done;
    const partitions = [...manifest.partitions, done].sort((a, b) => a.partition - b.partition);
    manifest = {...manifest, partitions, finishedAt: null};
    await writeManifest(folder, manifest);
    onProgress?.('predicting', rowsIn(manifest), rows);
  };
  onProgress?.('predicting', rowsIn(begun), rows);
  try {
    for (const partition of missing) {
      if (signal?.aborted) break;
      const from = partition * partitionRows;
      const next = predictPartition(runtime.sql, {partition, from, to: Math.min(rows, from + partitionRows)}, shared);
      // While one is written the next is computed, and no more than that.
      const before: PartitionWork | null = writing;
      writing = next;
      await Promise.all([next.scored, take(before)]);
    }
  } catch (error) {
    await writing?.done.catch(() => {});
    throw error;
  }
  await take(writing);
  if (manifest.partitions.length < Math.ceil(rows / partitionRows)) signal?.throwIfAborted();
  return manifest;
}

async function finish(
  runtime: Runtime,
  definition: ModelDefinition,
  folder: string,
  predicted: BatchManifest,
  {toOnline, onProgress, signal}: BatchOptions,
): Promise<BatchManifest> {
  let manifest = predicted;
  if (toOnline) {
    const onRows = (rows: number) => onProgress?.('online', rows, manifest.rows);
    const online = await tableOf(runtime, definition, folder, manifest, {onProgress: onRows, signal});
    manifest = {...manifest, online};
  }
  manifest = {...manifest, finishedAt: manifest.finishedAt ?? runtime.clock.now()};
  await writeManifest(folder, manifest);
  await rm(join(folder, REQUESTS), {force: true});
  return manifest;
}
