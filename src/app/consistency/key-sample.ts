import type {FeatureSet} from '../../features/index.ts';
import type {ServedBatch} from '../../logs/index.ts';
import {hashUnit} from '../../math/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import {REQUEST_PREFIX} from '../live/logged-request.ts';

const SALT = 'consistency';

/** The fields of a request that hold the entity keys of a feature set, together the key that is sampled by. */
export const keyFields = ({views}: FeatureSet): string[] => [
  ...new Set(views.flatMap(({view, fields}) => Object.keys(view.entity.keys).map(key => fields[key]!))),
];

/** The rows of a batch whose key falls into the sample: of a key all or none, and the same ones in every run. */
export function sampledRows(batch: ServedBatch, keys: readonly string[], share: number): Uint32Array | null {
  if (share >= 1) return null;
  const columns = keys.map(key => batch.features[`${REQUEST_PREFIX}${key}`]!);
  const rows = new Uint32Array(batch.count);
  let kept = 0;
  for (let i = 0; i < batch.count; i++) {
    const key = keys.length === 0 ? batch.ids[i]! : JSON.stringify(columns.map(column => column[i]));
    if (hashUnit(key, SALT) < share) rows[kept++] = i;
  }
  return rows.subarray(0, kept);
}

/** These rows of a batch. */
export function rowsOf(batch: ServedBatch, rows: Uint32Array): ServedBatch {
  const numbers = (column: Float64Array) => Float64Array.from(rows, i => column[i]!);
  const picked = (column: ColumnData): ColumnData =>
    column instanceof Float64Array ? numbers(column) : Array.from(rows, i => column[i]!);
  return {
    model: batch.model,
    count: rows.length,
    ids: Array.from(rows, i => batch.ids[i]!),
    at: numbers(batch.at),
    versions: numbers(batch.versions),
    predictions: numbers(batch.predictions),
    latenciesUs: numbers(batch.latenciesUs),
    roles: Array.from(rows, i => batch.roles[i]!),
    propensities: numbers(batch.propensities),
    levels: Array.from(rows, i => batch.levels[i]!),
    outside: Array.from(rows, i => batch.outside[i]!),
    positions: numbers(batch.positions),
    features: Object.fromEntries(Object.entries(batch.features).map(([name, column]) => [name, picked(column)])),
  };
}
