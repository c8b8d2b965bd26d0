import {type FeatureSet, type FeatureView, viewKey} from '../../features/index.ts';
import {canonicalJson} from '../../protocol/index.ts';
import {Catalogue, featureSetOf, viewsOf} from '../catalogue/catalogue.ts';
import {inUse, modelHistories} from '../catalogue/usage.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** What a feature set computes, without the words about it. */
const meaningOf = ({views, request, derived}: FeatureSet): string =>
  canonicalJson([views.map(({view, fields}) => [viewKey(view), fields]), request, derived]);

/**
 * The definitions that the model versions in use were trained with. A definition that has changed since is kept live
 * beside that of today, until no version needs it.
 */
export class PinnedSets {
  readonly #runtime: Pick<Runtime, 'registry'>;
  /** Pinned views, each meaning once. */
  readonly views: readonly FeatureView[];

  private constructor(runtime: Pick<Runtime, 'registry'>, views: readonly FeatureView[]) {
    this.#runtime = runtime;
    this.views = views;
  }

  static async open(runtime: Pick<Runtime, 'registry' | 'metadata' | 'project'>): Promise<PinnedSets> {
    const {registry, metadata, project} = runtime;
    const models = new Set(project.models.map(m => m.name));
    const used = (await modelHistories(registry))
      .filter(history => models.has(history.model))
      .flatMap(history => history.versions.filter(version => inUse(version, history)));
    return new PinnedSets(runtime, await viewsOf(used, new Catalogue(metadata), project.sources));
  }

  /** The set that a version was trained with, if it means something else than that of today; null: as today. */
  async setOf({name, features}: ModelDefinition, version: number): Promise<FeatureSet | null> {
    const record = await this.#runtime.registry.version(name, version);
    const set = featureSetOf(record, [...this.views, ...features.views.map(({view}) => view)]);
    return set === null || meaningOf(set) === meaningOf(features) ? null : set;
  }
}
