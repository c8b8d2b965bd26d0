/** What was made from the events of some streams and cannot be taken back: training sets, and models trained with them. */
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** A model version whose training set read one of the streams after a time. */
export type MadeFrom = {
  readonly model: string;
  readonly version: number;
  readonly status: string;
  readonly dataset: string;
  readonly rows: number;
  /** What was not known then is not in it (UTC ms). */
  readonly asOf: number;
};

/** Names of all streams that a model reads: features with their lookups, decisions, labels. */
export const streamsRead = ({features, decisions, label}: ModelDefinition): ReadonlySet<string> =>
  new Set([
    decisions.name,
    label.source.name,
    ...features.views.flatMap(({view}) => [view.source.name, ...view.lookups.map(({source}) => source.name)]),
  ]);

/** Versions of models that read one of the streams, with training sets as of `fromTime` or later; newest first. */
export async function madeFrom(
  {project, registry}: Pick<Runtime, 'project' | 'registry'>,
  streams: ReadonlySet<string>,
  fromTime: number,
): Promise<MadeFrom[]> {
  const readers = project.models.filter(model => [...streamsRead(model)].some(stream => streams.has(stream)));
  const versions = (await Promise.all(readers.map(({name}) => registry.versions(name)))).flat();
  return versions
    .filter(({dataset}) => dataset.asOf >= fromTime)
    .map(({model, version, status, dataset}) => ({
      model,
      version,
      status,
      dataset: dataset.id,
      rows: dataset.rows,
      asOf: dataset.asOf,
    }));
}
