import {join} from 'node:path';
import {
  explainFeatures,
  type FeaturePlan,
  type FeatureSet,
  type Materialised,
  type MaterialisedDay,
  materialise,
} from '../../features/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {findSource, type Project} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {findSet} from './read-features.ts';

/** The feature set of this name, or of the model of this name. Throws FEATURE_UNKNOWN. */
export function findSetOrModel({sets, models}: Project, name: string): FeatureSet {
  return models.find(model => model.name === name)?.features ?? findSet(sets, name);
}

export type PlanOptions = {readonly rows?: number; readonly from?: number; readonly to?: number};

/** How the batch would compute a feature set from what is archived; from the definitions alone without a runtime. */
export async function planFeatures(
  project: Project,
  runtime: Runtime | null,
  name: string,
  options: PlanOptions,
): Promise<FeaturePlan> {
  const set = findSetOrModel(project, name);
  if (runtime === null) return explainFeatures(set, options);
  await runtime.archive.update(runtime.log.end());
  return explainFeatures(set, {...options, archive: runtime.archive});
}

export type MaterialiseDaysOptions = {
  /** Stream whose events are the rows; the decisions of the model that has the set unless given. */
  readonly stream?: string;
  readonly from: number;
  readonly to: number;
  readonly onDay?: (day: MaterialisedDay) => void;
};

/** Where values by day are kept. */
export const daysFolder = ({folder}: Pick<Runtime, 'folder'>): string => join(folder, 'features');

/** Computes the features of a set for each event of a stream, by day; days that stand are left as they are. */
export async function materialiseDays(
  runtime: Runtime,
  name: string,
  {stream, ...options}: MaterialiseDaysOptions,
): Promise<Materialised> {
  const {project, sql, archive, log} = runtime;
  const set = findSetOrModel(project, name);
  const model = project.models.find(m => m.features === set);
  if (stream === undefined && model === undefined)
    throw new MillraceError('USAGE', `No model reads '${set.name}', so its rows are not known.`, {
      fix: 'Name the stream whose events are the rows: --stream payments',
    });
  await archive.update(log.end());
  const spine = stream === undefined ? model!.decisions : findSource(project, stream);
  return materialise(set, {...options, sql, archive, spine, folder: daysFolder(runtime)});
}
