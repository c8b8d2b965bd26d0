import {setImmediate as turn} from 'node:timers/promises';
import {computeFeatures, type FeatureSet, type SpineRows, withSpine} from '../../features/index.ts';
import type {ServedBatch} from '../../logs/index.ts';
import type {ColumnData, ConsistencyReport, FeatureSkew} from '../../protocol/index.ts';
import {readFeaturesNow} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {CutRecords} from '../features/cut-records.ts';
import {loggedRequest, REQUEST_PREFIX} from '../live/logged-request.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {keyFields, rowsOf, sampledRows} from './key-sample.ts';
import {SkewTally} from './skew-tally.ts';

export type ConsistencyOptions = {
  /** Predictions with a query time in [from, to), UTC ms; all unless given. */
  readonly from?: number;
  readonly to?: number;
  /** Share of keys whose predictions are compared; 1 unless given. */
  readonly sample?: number;
  /** The set that a version was served with, where it means something else than that of today; null: as today. */
  readonly pinned?: (version: number) => Promise<FeatureSet | null>;
  readonly onProgress?: (predictions: number) => void;
  readonly signal?: AbortSignal;
};

export type ConsistencyResult = Omit<ConsistencyReport, 'features'> & {readonly features: readonly FeatureSkew[]};

/** Predictions compared at a time: bounds the memory. */
const CHUNK_ROWS = 100_000;

type Compared = Pick<Runtime, 'sql' | 'archive' | 'folder' | 'predictions' | 'metadata'>;

/**
 * Computes served feature vectors again, by the batch executor from the event log as it stood at the log position of
 * the answer, and compares bit for bit; views that are read as of cuts from what the cut had seen of it, and as of the cut
 * that should have been read: an answer from a stale one differs, and is shown to. A number, not a test: zero is the goal. What is read without a model
 * (`POST /v1/features/:set/read`) is not logged, so it is not compared.
 */
export async function checkConsistency(
  runtime: Compared,
  {name, features: set}: Pick<ModelDefinition, 'name' | 'features'>,
  options: ConsistencyOptions = {},
): Promise<ConsistencyResult> {
  const {from, to, sample = 1, pinned, onProgress, signal} = options;
  const started = performance.now();
  const tallies = new Map(set.features.map(feature => [feature.name, new SkewTally(feature.name, feature.type)]));
  const keys = keyFields(set);
  await runtime.predictions.flush();
  await runtime.archive.update();
  let predictions = 0;
  let chunk: ServedBatch[] = [];
  let rows = 0;
  const compare = async () => {
    signal?.throwIfAborted();
    for (const [served, batches] of await bySet(chunk)) await compareChunk(runtime, served, batches, tallies);
    predictions += rows;
    onProgress?.(predictions);
    chunk = [];
    rows = 0;
  };
  const sets = new Map<number, FeatureSet>();
  const bySet = async (batches: readonly ServedBatch[]): Promise<ReadonlyMap<FeatureSet, ServedBatch[]>> => {
    const found = new Map<FeatureSet, ServedBatch[]>();
    for (const batch of batches) {
      for (const version of new Set(batch.versions))
        if (!sets.has(version)) sets.set(version, (await pinned?.(version)) ?? set);
      for (const used of new Set([...batch.versions].map(version => sets.get(version)!)))
        found.set(used, [...(found.get(used) ?? []), rowsServedBy(batch, used, sets)]);
    }
    return found;
  };
  const range = {...(from === undefined ? {} : {from}), ...(to === undefined ? {} : {to})};
  for await (const batch of runtime.predictions.served(name, range)) {
    const read = readNow(batch);
    const sampled = sampledRows(read, keys, sample);
    if (read.count === 0 || sampled?.length === 0) continue;
    chunk.push(sampled === null ? read : rowsOf(read, sampled));
    rows += sampled?.length ?? read.count;
    if (rows >= CHUNK_ROWS) await compare();
  }
  if (rows > 0) await compare();
  const features = [...tallies.values()].map(tally => tally.result);
  return {
    predictions,
    values: features.reduce((sum, f) => sum + f.compared, 0),
    mismatches: features.reduce((sum, f) => sum + f.mismatches + f.missing + f.extra, 0),
    features,
    seconds: (performance.now() - started) / 1_000,
  };
}

/** The rows whose features were read for them: an answer that was made before, or without features, has none to compare. */
function readNow(batch: ServedBatch): ServedBatch {
  const rows = Uint32Array.from(batch.levels.keys()).filter(i => readFeaturesNow(batch.levels[i]!));
  return rows.length === batch.count ? batch : rowsOf(batch, rows);
}

/** The rows of a batch that were served with this set: mostly all. */
function rowsServedBy(batch: ServedBatch, set: FeatureSet, sets: ReadonlyMap<number, FeatureSet>): ServedBatch {
  const rows = Uint32Array.from(batch.versions.keys()).filter(i => sets.get(batch.versions[i]!) === set);
  return rows.length === batch.count ? batch : rowsOf(batch, rows);
}

async function compareChunk(
  {sql, archive, folder, metadata}: Compared,
  set: FeatureSet,
  batches: readonly ServedBatch[],
  tallies: ReadonlyMap<string, SkewTally>,
): Promise<void> {
  const fields = Object.keys(set.request);
  const spine = batches.map(
    ({count, at, positions, features}): SpineRows => ({
      count,
      q: at,
      positions,
      request: Object.fromEntries(fields.map(field => [field, features[`${REQUEST_PREFIX}${field}`]!])),
    }),
  );
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const {at} of batches)
    for (const time of at) {
      from = Math.min(from, time);
      to = Math.max(to, time);
    }
  const cutsMade = await new CutRecords(metadata).of(set.views, {from, to});
  const again = await withSpine({sql, folder}, set.request, spine, made =>
    computeFeatures(set, made, {sql, relation: stream => archive.relation(stream), cutsMade}),
  );
  let offset = 0;
  for (const batch of batches) {
    const requestOf = (row: number) => loggedRequest(set.request, batch, row);
    for (const [feature, tally] of tallies) {
      // A feature that was added since was not served then.
      const served: ColumnData | undefined = batch.features[feature];
      if (served && again[feature]) tally.compare(served, again[feature], offset, batch, requestOf);
    }
    offset += batch.count;
    // Requests are answered in between.
    await turn();
  }
}
