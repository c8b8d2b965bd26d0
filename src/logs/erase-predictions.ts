/** The logged predictions of an entity. */
import {type PositionedBatch, positionAt} from '../protocol/index.ts';
import type {EventLog} from '../stores/index.ts';
import {FEATURE_PREFIX, servedStream, shadowStream} from './rows.ts';

/** Logged fields and the values that they all have in an entity's predictions; times in UTC ms. */
export type PredictionKey = Readonly<Record<string, string | number | boolean>>;

/** Positions of the answers of a model that have one of the keys, and of the scores of its shadows for them; ascending. */
export async function predictionsWith(
  log: EventLog,
  model: string,
  keys: readonly PredictionKey[],
): Promise<{readonly positions: readonly number[]; readonly answers: number}> {
  const positions: number[] = [];
  const ids = new Set<string>();
  for await (const batch of log.read({stream: servedStream(model)}))
    for (const i of rowsWith(batch, keys)) {
      positions.push(positionAt(batch, i));
      ids.add(batch.ids[i]!);
    }
  const answers = positions.length;
  if (answers > 0)
    for await (const batch of log.read({stream: shadowStream(model)}))
      for (let i = 0; i < batch.count; i++) if (ids.has(batch.ids[i]!)) positions.push(positionAt(batch, i));
  return {positions: positions.sort((a, b) => a - b), answers};
}

function rowsWith({count, columns}: PositionedBatch, keys: readonly PredictionKey[]): number[] {
  const wanted = keys.map(key =>
    Object.entries(key).map(
      ([field, value]) =>
        [columns[FEATURE_PREFIX + field], typeof value === 'boolean' ? Number(value) : value] as const,
    ),
  );
  const rows: number[] = [];
  for (let i = 0; i < count; i++)
    if (wanted.some(key => key.length > 0 && key.every(([data, value]) => data?.[i] === value))) rows.push(i);
  return rows;
}
