import type {FeatureSet} from '../../features/index.ts';
import {type ColumnData, MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import {LoadedVersion} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet, pinnedViews} from '../live/pinned-sets.ts';
import {versionParts} from '../live/version-parts.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {encodeMatrix} from '../train/feature-matrix.ts';
import {type Scores, withinTraining} from './within-training.ts';

/** A version that predicts for many rows at once, with the features that it was trained with. */
export type BatchVersion = {
  readonly record: ModelVersion;
  /** Its own definitions, or those of today where they mean the same. */
  readonly set: FeatureSet;
  /** What people should know of, such as that it is not served with the definitions that it was trained with. */
  readonly problems: readonly string[];
  /** Predictions equal to the bit to what the model answers online for these features. */
  score(columns: Readonly<Record<string, ColumnData>>, rows: number): Scores;
};

/** The champion unless a version is named. Throws NOT_READY, VERSION_NOT_FOUND, MODEL_INVALID. */
export async function openBatchVersion(
  runtime: Runtime,
  definition: ModelDefinition,
  version?: number,
): Promise<BatchVersion> {
  const {registry} = runtime;
  const {name, features, serving} = definition;
  const record = await registry.version(name, version ?? (await championNow(runtime, name)));
  const set = (await pinnedSet(runtime, definition, record.version)) ?? features;
  const names = set.features.map(feature => feature.name);
  const {artifact, ranges} = await versionParts(runtime, name, record.version);
  const {predictor} = new LoadedVersion(record.version, artifact, names);
  const score = withinTraining(predictor, ranges, serving.inputs);
  const {problems} = await pinnedViews(runtime);
  return {
    record,
    set,
    problems: problems.filter(problem => problem.startsWith(`Version ${record.version} of '${name}' `)),
    score: (columns, rows) => score(encodeMatrix(columns, predictor.spec.features, rows), columns),
  };
}

async function championNow({registry}: Runtime, model: string): Promise<number> {
  const plan = await registry.plan(model);
  if (plan) return championOf(plan);
  throw new MillraceError('NOT_READY', `No version of '${model}' is deployed.`, {
    fix: `Name one with --version, or deploy one: millrace deploy ${model}`,
  });
}
