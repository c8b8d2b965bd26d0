import type {ReleasePlan} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet} from '../live/pinned-sets.ts';
import type {Runtime} from '../runtime/runtime.ts';

/**
 * Why workers cannot answer a model by a plan, in words; null: they can. They read features as of a checkpoint, and keep
 * nothing that the next request, which another one may get, would have to know.
 */
export async function whyNotByWorkers(
  runtime: Pick<Runtime, 'registry' | 'metadata' | 'project'>,
  definition: ModelDefinition,
  plan: ReleasePlan,
): Promise<string | null> {
  const {serving, features} = definition;
  if (serving.sticky) return 'its answers are sticky';
  if (serving.hybrid) return 'its frequent answers are made beforehand';
  const cut = features.views.find(({refresh}) => refresh !== undefined);
  if (cut) return `it reads '${cut.view.name}' as of cuts`;
  for (const {version} of plan.arms)
    if (await pinnedSet(runtime, definition, version)) return `version ${version} has definitions of its own`;
  return null;
}
