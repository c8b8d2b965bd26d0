// A view as it is kept: data from which it can be computed again after the project file has changed.
import type {Source} from '../../events/index.ts';
import {type About, type FeatureView, viewVersion, type WindowFeature} from '../../features/index.ts';
import {MillraceError, type Problem, type Schema, type TypeName, t} from '../../protocol/index.ts';
import {columnsRead} from './columns-read.ts';

/** Lists where order matters, so that no order of keys in JSON does. */
export type StoredView = {
  readonly format: 1;
  readonly name: string;
  /** As `viewVersion` gave it. */
  readonly version: string;
  readonly source: {readonly name: string; readonly latenessMs: number; readonly delayMs: number};
  readonly lookups: readonly StoredLookup[];
  readonly entity: string;
  readonly keys: readonly {readonly key: string; readonly type: TypeName; readonly column: string}[];
  readonly features: readonly WindowFeature[];
  readonly about: About;
};

export type StoredLookup = {
  readonly alias: string;
  readonly source: string;
  readonly latenessMs: number;
  /** Pairs of their column and the event's. */
  readonly on: readonly (readonly [theirs: string, ours: string])[];
  readonly columns: readonly string[];
};

/** Whether a kept definition must give the very values that it gave. */
export type Release = 'same' | 'any';

export const storeView = (view: FeatureView): StoredView => ({
  format: 1,
  name: view.name,
  version: viewVersion(view),
  source: {name: view.source.name, latenessMs: view.source.latenessMs, delayMs: view.source.delayMs},
  lookups: view.lookups.map(({alias, source, on, columns}) => ({
    alias,
    source: source.name,
    latenessMs: source.latenessMs,
    on: Object.entries(on),
    columns,
  })),
  entity: view.entity.name,
  keys: Object.entries(view.entity.keys).map(([key, {type}]) => ({key, type, column: view.keys[key]!})),
  features: view.features,
  about: view.about,
});

/**
 * The view that was stored, over the sources of today: it has the same `viewKey` and gives the same values. Throws
 * DEFINITION_INVALID if a source or a column that it reads is gone or has another type, and if this release computes
 * the definition otherwise than the one that stored it, unless any release will do.
 */
export function reviveView(stored: StoredView, sources: readonly Source[], release: Release = 'same'): FeatureView {
  const {name, source, entity, keys, features, about} = stored;
  const problems: Problem[] = [];
  const found = (stream: string): Source | undefined => {
    const of = sources.find(candidate => candidate.name === stream);
    if (!of) problems.push({path: `sources.${stream}`, message: `The stream '${stream}' is gone.`});
    return of;
  };
  const base = found(source.name);
  const lookups = stored.lookups.map(({alias, source: other, latenessMs, on, columns}) => {
    const of = found(other);
    return of && {alias, source: {...of, latenessMs}, on: Object.fromEntries(on), columns};
  });
  for (const {stream, column, type} of columnsRead(stored)) {
    const of = sources.find(candidate => candidate.name === stream);
    if (!of) continue;
    const now = of.schema[column]?.type;
    if (now !== type)
      problems.push({
        path: `sources.${stream}.${column}`,
        message: now ? `'${stream}.${column}' was a ${type} and is a ${now}.` : `'${stream}.${column}' is gone.`,
      });
  }
  if (problems.length > 0 || !base) throw lost(name, problems);
  const view: FeatureView = Object.freeze({
    kind: 'view',
    name,
    source: Object.freeze({...base, latenessMs: source.latenessMs, delayMs: source.delayMs}),
    lookups: Object.freeze(lookups.filter(lookup => lookup !== undefined)),
    entity: Object.freeze({
      kind: 'entity',
      name: entity,
      keys: Object.fromEntries(keys.map(({key, type}) => [key, keyType(type)])) as Schema,
    }),
    keys: Object.fromEntries(keys.map(({key, column}) => [key, column])),
    features: Object.freeze(features),
    about,
  });
  if (release === 'same' && viewVersion(view) !== stored.version)
    throw lost(name, [{path: 'version', message: 'This release computes it otherwise than the one that kept it.'}]);
  return view;
}

const keyType = (type: TypeName) => (type === 'int' ? t.int : t.string);

const lost = (name: string, problems: readonly Problem[]): MillraceError =>
  new MillraceError(
    'DEFINITION_INVALID',
    `The kept definition of view '${name}' cannot be computed any more: ${problems.map(p => p.message).join(' ')}`,
    {problems, fix: 'Give the stream its columns back, or train and deploy a version with the view of today.'},
  );
