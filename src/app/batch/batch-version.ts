import type {FeatureSet} from '../../features/index.ts';
import {type ColumnData, MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import {LoadedVersion} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet, pinnedViews} from '../live/pinned-sets.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {encodeMatrix} from '../train/feature-matrix.ts';

/** A version that predicts for many rows at once, with the features that it was trained with. */
export type BatchVersion = {
  readonly record: ModelVersion;
  /** Its own definitions, or those of today where they mean the same. */
  readonly set: FeatureSet;
  /** What people should know of, such as that it is not served with the definitions that it was trained with. */
  readonly problems: readonly string[];
  /** One prediction a row, equal to the bit to what the live service answers for these features. */
  score(columns: Readonly<Record<string, ColumnData>>, rows: number): Float64Array;
};

/** The champion unless a version is named. Throws NOT_READY, VERSION_NOT_FOUND, MODEL_INVALID. */
export async function openBatchVersion(
  runtime: Runtime,
  definition: ModelDefinition,
  version?: number,
): Promise<BatchVersion> {
  const {registry} = runtime;
  const {name, features} = definition;
  const record = await registry.version(name, version ?? (await championNow(runtime, name)));
  const set = (await pinnedSet(runtime, definition, record.version)) ?? features;
  const names = set.features.map(feature => feature.name);
  const {predictor} = new LoadedVersion(record.version, await registry.artifact(record), names);
  const {problems} = await pinnedViews(runtime);
  return {
    record,
    set,
    problems: problems.filter(problem => problem.startsWith(`Version ${record.version} of '${name}' `)),
    score: (columns, rows) => predictor.predictBatch(encodeMatrix(columns, predictor.spec.features, rows)),
  };
}

async function championNow({registry}: Runtime, model: string): Promise<number> {
  const plan = await registry.plan(model);
  if (plan) return championOf(plan);
  throw new MillraceError('NOT_READY', `No version of '${model}' is deployed.`, {
    fix: `Name one with --version, or deploy one: millrace deploy ${model}`,
  });
}
