// What every view and feature set meant, when, kept beside the models that were trained with it.
import type {Source} from '../../events/index.ts';
import {type FeatureSet, type FeatureView, viewKey} from '../../features/index.ts';
import {
  type DefinitionKind,
  type DefinitionVersion,
  type JsonValue,
  MillraceError,
  type ModelVersion,
} from '../../protocol/index.ts';
import type {MetadataStore, MetadataWrite} from '../../stores/index.ts';
import {reviveSet, type StoredSet} from './stored-set.ts';
import {type Release, reviveView, type StoredView} from './stored-view.ts';

/** A definition by name: which of its versions the project file defined from when on; null: none. */
export type DefinitionHistory = {
  readonly of: DefinitionKind;
  readonly name: string;
  readonly history: readonly {readonly at: number; readonly number: number | null}[];
};

const ALL = Number.MAX_SAFE_INTEGER;
const idOf = (of: DefinitionKind, name: string): string => `${of}/${name}`;

/** Reads the definitions that `recordDefinitions` keeps. */
export class Catalogue {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** All definitions, views first, by name; with the revision that a write must expect. */
  async histories(): Promise<(DefinitionHistory & {readonly revision: number})[]> {
    const records = await this.#metadata.list('definition', {limit: ALL});
    return records
      .map(({value, revision}) => ({...(value as unknown as DefinitionHistory), revision}))
      .sort((a, b) => (a.of === b.of ? (a.name < b.name ? -1 : 1) : a.of === 'view' ? -1 : 1));
  }

  /** All versions of all definitions, oldest first. */
  async versions(): Promise<DefinitionVersion[]> {
    const records = await this.#metadata.list('definition-version', {limit: ALL});
    return records.map(({value}) => value as unknown as DefinitionVersion).sort((a, b) => a.number - b.number);
  }
}

export const historyWrite = (history: DefinitionHistory, at: number, expected: number): MetadataWrite => ({
  kind: 'definition',
  id: idOf(history.of, history.name),
  at,
  value: {of: history.of, name: history.name, history: history.history} as JsonValue,
  expected,
});

export const versionWrite = (version: DefinitionVersion): MetadataWrite => ({
  kind: 'definition-version',
  id: `${idOf(version.of, version.name)}/${String(version.number).padStart(8, '0')}`,
  at: version.firstSeenAt,
  value: version as unknown as JsonValue,
});

/**
 * The views that these model versions were trained with, each meaning once: what has to be kept live to serve them.
 * Versions made before definitions were kept pin none. Throws DEFINITION_INVALID if one cannot be computed any more.
 */
export async function viewsOf(
  live: readonly ModelVersion[],
  catalogue: Catalogue,
  sources: readonly Source[],
  release: Release = 'same',
): Promise<FeatureView[]> {
  const versions = await catalogue.versions();
  const views = new Map<string, FeatureView>();
  for (const {name, version} of live.flatMap(model => model.views ?? [])) {
    const found = versions.find(v => v.of === 'view' && v.name === name && v.hash === version);
    if (!found)
      throw new MillraceError('DEFINITION_INVALID', `Version ${version} of view '${name}' is not in the catalogue.`, {
        fix: 'Restore the metadata of the project, or train and deploy a version with the view of today.',
      });
    const view = reviveView(found.definition as unknown as StoredView, sources, release);
    views.set(viewKey(view), view);
  }
  return [...views.values()];
}

/** The feature set that a model version was trained with, over the views that it pins; null if it pins none. */
export const featureSetOf = ({featureSet}: ModelVersion, views: readonly FeatureView[]): FeatureSet | null =>
  featureSet ? reviveSet(featureSet.definition as unknown as StoredSet, views) : null;
