// A feature set as it is kept: its views by version, the fields of its request, and what it derives.
import {createHash} from 'node:crypto';
import {
  type DerivedFeature,
  type FeatureSet,
  type FeatureView,
  type Refresh,
  viewVersion,
} from '../../features/index.ts';
import {type ColumnSpec, canonicalJson, columnSpecs, MillraceError, type Schema, t} from '../../protocol/index.ts';

export type StoredSet = {
  readonly format: 1;
  readonly name: string;
  /** As `setVersion` gave it. */
  readonly version: string;
  readonly views: readonly {
    readonly name: string;
    readonly version: string;
    /** Pairs of entity key and field of the request. */
    readonly fields: readonly (readonly [key: string, field: string])[];
    /** The cuts that it is read as of; absent: it is live. */
    readonly refresh?: Refresh;
  }[];
  readonly request: readonly ColumnSpec[];
  readonly derived: readonly DerivedFeature[];
};

/** What the vector of a feature set depends on, as 12 hexadecimal digits. */
export function setVersion({views, request, derived}: FeatureSet): string {
  const meaning = canonicalJson([
    views.map(({view, fields, refresh}) => [view.name, viewVersion(view), fields, ...(refresh ? [refresh] : [])]),
    columnSpecs(request),
    derived,
  ]);
  return createHash('sha256').update(meaning).digest('hex').slice(0, 12);
}

export const storeSet = (set: FeatureSet): StoredSet => ({
  format: 1,
  name: set.name,
  version: setVersion(set),
  views: set.views.map(({view, fields, refresh}) => ({
    name: view.name,
    version: viewVersion(view),
    fields: Object.entries(fields),
    ...(refresh ? {refresh} : {}),
  })),
  request: columnSpecs(set.request),
  derived: set.derived,
});

/**
 * The feature set that was stored, over these views; over the only one of a name where none has its version, because
 * this release computes it otherwise. Throws DEFINITION_INVALID if one of them is not among them.
 */
export function reviveSet(stored: StoredSet, views: readonly FeatureView[]): FeatureSet {
  const used = stored.views.map(({name, version, fields, refresh}) => {
    const named = views.filter(candidate => candidate.name === name);
    const view =
      named.find(candidate => viewVersion(candidate) === version) ?? (named.length === 1 ? named[0] : undefined);
    if (!view)
      throw new MillraceError(
        'DEFINITION_INVALID',
        `Version ${version} of view '${name}', which the feature set '${stored.name}' reads, is not known.`,
        {fix: 'Restore the metadata of the project, or train again.'},
      );
    return {view, fields: Object.fromEntries(fields), ...(refresh ? {refresh} : {})};
  });
  return Object.freeze({
    kind: 'feature-set',
    name: stored.name,
    views: Object.freeze(used),
    request: Object.fromEntries(
      stored.request.map(({name, type, nullable}) => [name, nullable ? t[type].orNull() : t[type]]),
    ) as Schema,
    derived: Object.freeze(stored.derived),
    features: Object.freeze([
      ...used.flatMap(({view}) => view.features.map(({name, type}) => ({name, type}))),
      ...stored.derived.map(({name, type}) => ({name, type})),
    ]),
  });
}
