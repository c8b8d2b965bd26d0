import {type FeatureSet, type FeatureView, useMeaning, type ViewUse} from '../../features/index.ts';
import {canonicalJson, MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {Catalogue, featureSetOf, viewsOf} from '../catalogue/catalogue.ts';
import type {Release} from '../catalogue/stored-view.ts';
import {inUse, modelHistories} from '../catalogue/usage.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** What a feature set computes, without the words about it. */
const meaningOf = ({views, request, derived}: FeatureSet): string =>
  canonicalJson([views.map(useMeaning), request, derived]);

type Pinned = {readonly views: readonly FeatureView[] | null; readonly problem: string | null};

/** Views that a version pins; null, with a sentence, where one cannot be computed any more. */
async function viewsPinnedBy(
  record: ModelVersion,
  {metadata, project}: Pick<Runtime, 'metadata' | 'project'>,
): Promise<Pinned> {
  const of = `Version ${record.version} of '${record.model}' is served with`;
  const revived = (release: Release) => viewsOf([record], new Catalogue(metadata), project.sources, release);
  const refused = (error: unknown): string => {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID') return error.message;
    throw error;
  };
  try {
    return {views: await revived('same'), problem: null};
  } catch (error) {
    refused(error);
  }
  try {
    const views = await revived('any');
    return {views, problem: `${of} its own definitions as this release computes them, which is not as it was trained.`};
  } catch (error) {
    return {views: null, problem: `${of} the definitions of today: ${refused(error)}`};
  }
}

/**
 * The set that a version was trained with, if it means something else than that of today; null: as today, there is no
 * such version, or its definitions cannot be computed any more (`pinnedViews` says so).
 */
export async function pinnedSet(
  runtime: Pick<Runtime, 'registry' | 'metadata' | 'project'>,
  {name, features}: ModelDefinition,
  version: number,
): Promise<FeatureSet | null> {
  const record = (await runtime.registry.versions(name)).find(v => v.version === version);
  const views = record && (await viewsPinnedBy(record, runtime)).views;
  if (!record || !views) return null;
  const set = featureSetOf(record, views);
  return set === null || meaningOf(set) === meaningOf(features) ? null : set;
}

/**
 * The views that the model versions in use were trained with: a definition that has changed since is kept live beside
 * that of today, until no version needs it. `problems`: versions whose definitions this release computes otherwise, or
 * cannot be computed any more because a stream lost a column.
 */
export async function pinnedViews(runtime: Pick<Runtime, 'registry' | 'metadata' | 'project'>): Promise<{
  readonly views: readonly FeatureView[];
  /** How the versions read them. */
  readonly uses: readonly ViewUse[];
  readonly problems: readonly string[];
}> {
  const models = new Set(runtime.project.models.map(m => m.name));
  const used = (await modelHistories(runtime.registry))
    .filter(history => models.has(history.model))
    .flatMap(history => history.versions.filter(version => inUse(version, history)));
  const found = await Promise.all(used.map(version => viewsPinnedBy(version, runtime)));
  return {
    views: found.flatMap(({views}) => views ?? []),
    uses: found.flatMap(({views}, i) => (views && featureSetOf(used[i]!, views)?.views) ?? []),
    problems: found.flatMap(({problem}) => problem ?? []),
  };
}
