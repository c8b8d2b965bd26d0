import {type FeatureSet, type FeatureView, viewKey} from '../../features/index.ts';
import {canonicalJson} from '../../protocol/index.ts';
import {Catalogue, featureSetOf, viewsOf} from '../catalogue/catalogue.ts';
import {inUse, modelHistories} from '../catalogue/usage.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** What a feature set computes, without the words about it. */
const meaningOf = ({views, request, derived}: FeatureSet): string =>
  canonicalJson([views.map(({view, fields}) => [viewKey(view), fields]), request, derived]);

/** The set that a version was trained with, if it means something else than that of today; null: as today, or there is no such version. */
export async function pinnedSet(
  {registry, metadata, project}: Pick<Runtime, 'registry' | 'metadata' | 'project'>,
  {name, features}: ModelDefinition,
  version: number,
): Promise<FeatureSet | null> {
  const record = (await registry.versions(name)).find(v => v.version === version);
  if (!record) return null;
  const set = featureSetOf(record, await viewsOf([record], new Catalogue(metadata), project.sources));
  return set === null || meaningOf(set) === meaningOf(features) ? null : set;
}

/**
 * The views that the model versions in use were trained with, each meaning once: a definition that has changed since is
 * kept live beside that of today, until no version needs it.
 */
export async function pinnedViews({
  registry,
  metadata,
  project,
}: Pick<Runtime, 'registry' | 'metadata' | 'project'>): Promise<FeatureView[]> {
  const models = new Set(project.models.map(m => m.name));
  const used = (await modelHistories(registry))
    .filter(history => models.has(history.model))
    .flatMap(history => history.versions.filter(version => inUse(version, history)));
  return viewsOf(used, new Catalogue(metadata), project.sources);
}
