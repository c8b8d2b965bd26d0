import {type FeatureView, type RefreshedUse, refreshedUses, type ViewUse, viewKey} from '../../features/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {pinnedViews} from './pinned-sets.ts';

export type ViewsInUse = {
  /** Those whose state is kept live: all but the ones that are only ever read as of cuts. */
  readonly live: readonly FeatureView[];
  readonly refreshed: readonly RefreshedUse[];
  /** Versions that cannot be served with the definitions that they were trained with, in sentences. */
  readonly problems: readonly string[];
};

/** What the project defines and what the model versions in use were trained with, by how it is read. */
export async function viewsInUse(runtime: Pick<Runtime, 'registry' | 'metadata' | 'project'>): Promise<ViewsInUse> {
  const {project} = runtime;
  const {views, uses: pinned, problems} = await pinnedViews(runtime);
  const uses: readonly ViewUse[] = [...project.sets.flatMap(set => set.views), ...pinned];
  const readLive = new Set(uses.flatMap(({view, refresh}) => (refresh === undefined ? [viewKey(view)] : [])));
  const readAsOfCuts = new Set(refreshedUses(uses).map(({view}) => viewKey(view)));
  const live = [...project.views, ...views].filter(view => {
    const key = viewKey(view);
    return readLive.has(key) || !readAsOfCuts.has(key);
  });
  return {live, refreshed: refreshedUses(uses), problems};
}
