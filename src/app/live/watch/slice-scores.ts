import {metricsOf} from '../../../evaluation/index.ts';
import type {MaturedRow, PredictionLog} from '../../../logs/index.ts';
import {sliceReader, type TrainingProfile} from '../../../monitoring/index.ts';
import type {Metrics, MonitorWindow, SliceWindow} from '../../../protocol/index.ts';
import {REQUEST_PREFIX} from '../logged-request.ts';

type Labelled = {readonly scores: number[]; readonly labels: number[]};

/**
 * The slices of a scored window with their performance, read from the prediction log: which slice a row was of is not
 * kept elsewhere. Slices with fewer labels than `minLabelled` have none. `profile`: what the window was counted with.
 */
export async function scoreSlices(
  predictions: Pick<PredictionLog, 'served'>,
  {model, from, to, slices = []}: MonitorWindow,
  rows: readonly MaturedRow[],
  profile: TrainingProfile,
  minLabelled: number,
): Promise<readonly SliceWindow[]> {
  const names = [...new Set(slices.map(({feature}) => feature))];
  const known = new Map(rows.flatMap(row => (row.label === null ? [] : [[row.id, row] as const])));
  const readers = names.map(name => ({name, read: sliceReader(profile, name)}));
  const found = new Map<string, Labelled>();
  for await (const {count, ids, features} of predictions.served(model, {from, to})) {
    const columns = readers.map(({name}) => features[name] ?? features[`${REQUEST_PREFIX}${name}`]);
    for (let i = 0; i < count; i++) {
      const row = known.get(ids[i]!);
      if (!row) continue;
      // A row that is logged twice counts once.
      known.delete(row.id);
      for (const [r, {name, read}] of readers.entries()) {
        const key = keyOf(name, read(columns[r]?.[i] ?? null));
        const own = found.get(key) ?? {scores: [], labels: []};
        found.set(key, own);
        own.scores.push(row.score);
        own.labels.push(row.label!);
      }
    }
  }
  return slices.map(slice => ({
    ...slice,
    performance: metricsFrom(found.get(keyOf(slice.feature, slice.value)), minLabelled),
  }));
}

const keyOf = (feature: string, value: string): string => JSON.stringify([feature, value]);

function metricsFrom(labelled: Labelled | undefined, minLabelled: number): Metrics | null {
  if (!labelled || labelled.labels.length < minLabelled) return null;
  return metricsOf(Float64Array.from(labelled.scores), Float64Array.from(labelled.labels));
}
