import {rm} from 'node:fs/promises';
import {computeFeatures, identifier, type Spine} from '../../features/index.ts';
import type {ServedBatch} from '../../logs/index.ts';
import {
  type ColumnData,
  type ColumnSpec,
  type Columns,
  type ConsistencyReport,
  columnSpecs,
  type FeatureConsistency,
} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {REQUEST_PREFIX} from '../live/live-model.ts';
import type {Runtime} from '../runtime/runtime.ts';

export type ConsistencyOptions = {
  readonly onProgress?: (predictions: number) => void;
};

/** Predictions compared at a time: bounds the memory. */
const CHUNK_ROWS = 300_000;

type Tally = {compared: number; mismatches: number; missing: number; extra: number; maxDifference: number};

/**
 * Computes every served feature vector again, by the batch executor from the event log as it stood at the log
 * position of the answer, and compares bit for bit. A number, not a test: zero is the goal.
 */
export async function checkConsistency(
  runtime: Runtime,
  definition: ModelDefinition,
  options: ConsistencyOptions = {},
): Promise<ConsistencyReport> {
  const started = performance.now();
  const tallies = new Map<string, Tally>(
    definition.features.features.map(({name}) => [
      name,
      {compared: 0, mismatches: 0, missing: 0, extra: 0, maxDifference: 0},
    ]),
  );
  await runtime.predictions.flush();
  await runtime.archive.update();
  let predictions = 0;
  let chunk: ServedBatch[] = [];
  let rows = 0;
  const compare = async () => {
    await compareChunk(runtime, definition, chunk, rows, tallies);
    predictions += rows;
    options.onProgress?.(predictions);
    chunk = [];
    rows = 0;
  };
  for await (const batch of runtime.predictions.served(definition.name)) {
    chunk.push(batch);
    rows += batch.count;
    if (rows >= CHUNK_ROWS) await compare();
  }
  if (rows > 0) await compare();
  const features = [...tallies].map(([feature, tally]): FeatureConsistency => ({feature, ...tally}));
  return {
    predictions,
    values: features.reduce((sum, f) => sum + f.compared, 0),
    mismatches: features.reduce((sum, f) => sum + f.mismatches + f.missing + f.extra, 0),
    features,
    seconds: (performance.now() - started) / 1_000,
  };
}

async function compareChunk(
  {sql, archive, folder}: Runtime,
  {name, features}: ModelDefinition,
  batches: readonly ServedBatch[],
  rows: number,
  tallies: ReadonlyMap<string, Tally>,
): Promise<void> {
  const path = `${folder}/consistency.parquet`;
  const table = `consistency_${name}`;
  const request = columnSpecs(features.request);
  const int = (column: string): ColumnSpec => ({name: column, type: 'int', nullable: true});
  await sql.writeParquet(
    path,
    [int('_row'), int('_q'), int('_position'), ...request.map(spec => (spec.type === 'time' ? int(spec.name) : spec))],
    spineBatches(batches, request),
  );
  await sql.run(
    `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`,
  );
  await rm(path);
  const times = batches.map(b => b.at);
  const spine: Spine = {
    table,
    rows,
    minTime: times.reduce((low, at) => at.reduce((a, b) => Math.min(a, b), low), Number.POSITIVE_INFINITY),
    maxTime: times.reduce((high, at) => at.reduce((a, b) => Math.max(a, b), high), Number.NEGATIVE_INFINITY),
  };
  const again = await computeFeatures(features, spine, {sql, relation: stream => archive.relation(stream)});
  await sql.run(`DROP TABLE ${identifier(table)}`);
  let offset = 0;
  for (const batch of batches) {
    for (const [feature, tally] of tallies)
      compareColumn(batch.features[feature]!, again[feature]!, offset, batch.count, tally);
    offset += batch.count;
  }
}

function* spineBatches(batches: readonly ServedBatch[], request: readonly ColumnSpec[]): Generator<Columns> {
  let row = 0;
  for (const {count, at, positions, features} of batches) {
    const first = row;
    yield {
      count,
      columns: {
        _row: Float64Array.from({length: count}, (_, i) => first + i),
        _q: at,
        _position: positions,
        ...Object.fromEntries(request.map(({name}) => [name, features[`${REQUEST_PREFIX}${name}`]!])),
      },
    };
    row += count;
  }
}

function compareColumn(served: ColumnData, again: ColumnData, offset: number, count: number, tally: Tally): void {
  for (let i = 0; i < count; i++) {
    const a = present(served[i]);
    const b = present(again[offset + i]);
    tally.compared++;
    if (a === b) continue;
    if (a === null) tally.missing++;
    else if (b === null) tally.extra++;
    else {
      tally.mismatches++;
      if (typeof a === 'number' && typeof b === 'number')
        tally.maxDifference = Math.max(tally.maxDifference, Math.abs(a - b));
    }
  }
}

const present = (value: number | string | null | undefined): number | string | null =>
  value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value;
