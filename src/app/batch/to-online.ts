import {join} from 'node:path';
import {identifier} from '../../features/index.ts';
import {type PrecomputedEntry, PrecomputedPredictions} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {BatchManifest} from './manifest.ts';
import {nameOf} from './predict-partition.ts';
import {quoted} from './requests.ts';

/** Requests that a table has at most. */
export const MAX_ONLINE = 5_000_000;

/**
 * Makes the predictions of a run the table that is answered from beforehand. Of a request that occurs several times the
 * row with the latest time counts, of those the last. Throws REQUEST_TOO_LARGE if there are too many.
 */
export async function tableOf(
  {sql, online, clock}: Runtime,
  {name, features: {request}}: ModelDefinition,
  folder: string,
  {partitions, version}: BatchManifest,
  {onProgress, signal}: {readonly onProgress: (rows: number) => void; readonly signal?: AbortSignal | undefined},
): Promise<{readonly entries: number; readonly madeAt: number}> {
  const files = `read_parquet([${partitions.map(({file}) => quoted(join(folder, file))).join(', ')}])`;
  const fields = Object.entries(request);
  const columns = fields.map(([field, {type}]) => {
    const column = nameOf(field, 'request');
    return `${type === 'time' ? `epoch_ms(${column})` : column} AS ${identifier(field)}`;
  });
  const rows = `SELECT ${[...columns, 'prediction AS _prediction', 'epoch_ms("at") AS _q'].join(', ')} FROM ${files} WHERE prediction IS NOT NULL`;
  const latest = `SELECT * FROM (SELECT *, row_number() OVER () AS _row FROM (${rows})) ORDER BY _q, _row`;
  async function* entries(): AsyncGenerator<PrecomputedEntry> {
    let read = 0;
    for await (const {count, columns} of sql.stream(latest)) {
      signal?.throwIfAborted();
      for (let i = 0; i < count; i++) {
        const fieldAt = ([field, {type}]: (typeof fields)[number]) => {
          const value = columns[field]![i]!;
          if (typeof value !== 'number') return [field, value];
          return [field, Number.isNaN(value) ? null : type === 'bool' ? value !== 0 : value];
        };
        yield {
          request: Object.fromEntries(fields.map(fieldAt)),
          prediction: (columns._prediction as Float64Array)[i]!,
          version,
          at: (columns._q as Float64Array)[i]!,
        };
      }
      read += count;
      onProgress(read);
    }
  }
  const table = new PrecomputedPredictions(online, {model: name, name: 'batch', schema: request});
  return table.replace(entries(), {madeAt: clock.now(), maxEntries: MAX_ONLINE});
}
