// What the catalogue answers of a project with its stores open: one entry for the server and for the terminal.
import type {DefinitionDiff, DefinitionRecord, FeatureDetail, FeatureRecord, Lineage} from '../../protocol/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {Catalogue} from './catalogue.ts';
import {definitionDiff} from './definition-diff.ts';
import {definitionRecords} from './definition-records.ts';
import {featureDetail} from './feature-detail.ts';
import {featureCatalogue} from './feature-records.ts';
import {lineageOf} from './lineage.ts';
import {searchFeatures} from './search.ts';
import {modelHistories} from './usage.ts';

export class FeatureCatalogue {
  readonly #runtime: Pick<Runtime, 'project' | 'registry' | 'metadata'>;
  readonly #catalogue: Catalogue;

  constructor(runtime: Pick<Runtime, 'project' | 'registry' | 'metadata'>) {
    this.#runtime = runtime;
    this.#catalogue = new Catalogue(runtime.metadata);
  }

  /** All features, or those that a search finds, best first. Throws REQUEST_INVALID for a filter that does not exist. */
  async features(q = ''): Promise<FeatureRecord[]> {
    return searchFeatures(featureCatalogue(this.#runtime.project, await this.definitions()), q);
  }

  /** Throws FEATURE_UNKNOWN. */
  async feature(name: string): Promise<FeatureDetail> {
    return featureDetail(name, await this.#all());
  }

  /** Throws FEATURE_UNKNOWN. */
  async lineage(name: string): Promise<Lineage> {
    return lineageOf(name, await this.#all());
  }

  /** Views and feature sets with their versions. */
  async definitions(): Promise<DefinitionRecord[]> {
    return definitionRecords(this.#catalogue, await modelHistories(this.#runtime.registry));
  }

  /** Throws NAME_UNKNOWN, VERSION_NOT_FOUND. */
  diff(
    name: string,
    between: {readonly from?: number | undefined; readonly to?: number | undefined} = {},
  ): Promise<DefinitionDiff> {
    return definitionDiff(this.#catalogue, name, between);
  }

  async #all() {
    const models = await modelHistories(this.#runtime.registry);
    return {project: this.#runtime.project, models, definitions: await definitionRecords(this.#catalogue, models)};
  }
}
