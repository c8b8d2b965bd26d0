// What the catalogue answers of a project: one entry for the server and for the terminal.
import {
  type DefinitionDiff,
  type DefinitionRecord,
  type FeatureDetail,
  type FeatureRecord,
  type Lineage,
  MillraceError,
} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {Catalogue} from './catalogue.ts';
import {definitionDiff} from './definition-diff.ts';
import {definitionRecords} from './definition-records.ts';
import {featureDetail} from './feature-detail.ts';
import {featureCatalogue} from './feature-records.ts';
import {lineageOf} from './lineage.ts';
import {searchFeatures} from './search.ts';
import {type ModelHistory, modelHistories} from './usage.ts';

type Stores = Pick<Runtime, 'registry' | 'metadata'>;

export class FeatureCatalogue {
  readonly #project: Project;
  readonly #stores: Stores | null;

  /** Without stores it knows what the project file says, and nothing of versions and models. */
  constructor(project: Project, stores: Stores | null) {
    this.#project = project;
    this.#stores = stores;
  }

  /** All features, or those that a search finds, best first. Throws REQUEST_INVALID for a filter that does not exist. */
  async features(q = ''): Promise<FeatureRecord[]> {
    return searchFeatures(featureCatalogue(this.#project, await this.definitions()), q);
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
    return (await this.#all()).definitions;
  }

  /** Throws NAME_UNKNOWN, VERSION_NOT_FOUND, and NOT_READY without stores. */
  async diff(name: string, between: Parameters<typeof definitionDiff>[2] = {}): Promise<DefinitionDiff> {
    if (this.#stores) return definitionDiff(new Catalogue(this.#stores.metadata), name, between);
    throw new MillraceError('NOT_READY', 'No version of a definition has been kept yet.', {
      fix: 'Load the history with millrace ingest: definitions are kept from then on.',
    });
  }

  async #all(): Promise<{project: Project; models: readonly ModelHistory[]; definitions: DefinitionRecord[]}> {
    const project = this.#project;
    if (!this.#stores) return {project, models: [], definitions: []};
    const models = await modelHistories(this.#stores.registry);
    return {project, models, definitions: await definitionRecords(new Catalogue(this.#stores.metadata), models)};
  }
}
