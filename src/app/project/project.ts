import type {Source} from '../../events/index.ts';
import type {FeatureSet, FeatureView} from '../../features/index.ts';
import type {Notifications} from '../../monitoring/index.ts';
import {canonicalJson, MillraceError, nearest} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {ImportedModelDefinition} from '../imported/imported-model.ts';

/** All definitions of a project, found among the exports of its file and what they refer to. */
export type Project = {
  readonly name: string;
  /** Folder of the project file: relative paths start here. */
  readonly folder: string;
  readonly sources: readonly Source[];
  readonly views: readonly FeatureView[];
  /** Feature sets that are exported, and those of the models. */
  readonly sets: readonly FeatureSet[];
  readonly models: readonly ModelDefinition[];
  /** Models that were made elsewhere. */
  readonly imported: readonly ImportedModelDefinition[];
  /** Who is told of incidents; absent: they are written to the log. */
  readonly notifications?: Notifications;
  /** Makes the files that the sources read, if the project exports such a function. */
  readonly prepare: Prepare | null;
};

/** Writes the files of the sources into `folder`; `rows` asks for a prefix in time. */
export type Prepare = (options: {
  readonly folder: string;
  readonly rows?: number;
  readonly log?: (line: string) => void;
}) => Promise<unknown>;

type Tagged = {readonly kind?: unknown};

/** Collects a project from the exports of its module. Throws PROJECT_INVALID when two definitions share a name. */
export function collectProject(name: string, folder: string, exports: Readonly<Record<string, unknown>>): Project {
  const sources = new Map<string, Source>();
  const views = new Map<string, FeatureView>();
  const sets = new Map<string, FeatureSet>();
  const models = new Map<string, ModelDefinition>();
  const imported = new Map<string, ImportedModelDefinition>();
  let told: Notifications | null = null;
  const add = <D extends {readonly name: string}>(kind: string, map: Map<string, D>, definition: D): void => {
    const other = map.get(definition.name);
    if (other && other !== definition && canonicalJson(other) !== canonicalJson(definition))
      throw new MillraceError('PROJECT_INVALID', `Two ${kind}s are called '${definition.name}'.`, {
        fix: 'Give one of them another name.',
      });
    map.set(definition.name, definition);
  };
  const addView = (view: FeatureView): void => {
    add('view', views, view);
    for (const {source} of view.lookups) add('source', sources, source);
    add('source', sources, view.source);
  };
  const addSet = (set: FeatureSet): void => {
    add('feature set', sets, set);
    for (const {view} of set.views) addView(view);
  };
  for (const value of Object.values(exports)) {
    const {kind} = (value ?? {}) as Tagged;
    if (kind === 'source') add('source', sources, value as Source);
    else if (kind === 'view') addView(value as FeatureView);
    else if (kind === 'feature-set') addSet(value as FeatureSet);
    else if (kind === 'model') {
      const definition = value as ModelDefinition;
      add('model', models, definition);
      add('source', sources, definition.decisions);
      add('source', sources, definition.label.source);
      addSet(definition.features);
    } else if (kind === 'imported-model') add('model', imported, value as ImportedModelDefinition);
    else if (kind === 'notifications') {
      if (told !== null && told !== value)
        throw new MillraceError('PROJECT_INVALID', 'The project has notifications twice.', {
          fix: 'Export one; give some models or owners their own channels in its overrides.',
        });
      told = value as Notifications;
    }
  }
  for (const {name} of imported.values())
    if (models.has(name))
      throw new MillraceError('PROJECT_INVALID', `Two models are called '${name}'.`, {
        fix: 'Give one of them another name.',
      });
  return {
    name,
    folder,
    sources: lookedUpFirst([...sources.values()], [...views.values()]),
    views: [...views.values()],
    sets: [...sets.values()],
    models: [...models.values()],
    imported: [...imported.values()],
    ...(told === null ? {} : {notifications: told}),
    prepare: typeof exports.prepare === 'function' ? (exports.prepare as Prepare) : null,
  };
}

/** History is loaded in this order: a row must stand in the log before the events that look it up. */
function lookedUpFirst(sources: readonly Source[], views: readonly FeatureView[]): Source[] {
  const lookedUp = new Set(views.flatMap(view => view.lookups.map(({source}) => source.name)));
  return [...sources.filter(s => lookedUp.has(s.name)), ...sources.filter(s => !lookedUp.has(s.name))];
}

/** The model of this name; the only one when no name is given. Throws MODEL_NOT_FOUND. */
export function findModel(project: Project, name?: string): ModelDefinition {
  const {models} = project;
  if (name === undefined && models.length === 1) return models[0]!;
  const found = models.find(m => m.name === name);
  if (found) return found;
  const names = models.map(m => m.name);
  const near = nearest(name ?? '', names);
  throw new MillraceError(
    'MODEL_NOT_FOUND',
    name !== undefined
      ? `There is no model '${name}'.`
      : names.length === 0
        ? 'The project has no model.'
        : 'The project has several models; none was named.',
    {
      fix:
        names.length === 0
          ? 'Export a model from the project file.'
          : `Name one of ${names.join(', ')}${near.length > 0 ? `; did you mean ${near[0]}?` : '.'}`,
    },
  );
}

/** The source of this stream. Throws STREAM_UNKNOWN. */
export function findSource(project: Project, name: string): Source {
  const found = project.sources.find(s => s.name === name);
  if (found) return found;
  throw new MillraceError('STREAM_UNKNOWN', `There is no stream '${name}'.`, {
    fix: `Name one of ${project.sources.map(s => s.name).join(', ')}.`,
  });
}
