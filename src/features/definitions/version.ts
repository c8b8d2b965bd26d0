import {createHash} from 'node:crypto';
import {canonicalJson, type JsonValue} from '../../protocol/index.ts';
import type {ViewUse} from './feature-set.ts';
import type {FeatureView} from './view.ts';

/** Changes when the same definition begins to mean other values or bytes. */
const SEMANTICS = 4;

const versions = new WeakMap<FeatureView, string>();

/**
 * What the values of a view depend on, as 12 hexadecimal digits: two views with the same version give the same values.
 * Words about it, and checks of its source, are no part.
 */
export function viewVersion(view: FeatureView): string {
  const known = versions.get(view);
  if (known !== undefined) return known;
  const {source, lookups, entity, keys, features} = view;
  const meaning = canonicalJson([
    SEMANTICS,
    [source.name, source.latenessMs, source.delayMs],
    ...(lookups.length === 0
      ? []
      : [lookups.map(({alias, source: {name, latenessMs}, on, columns}) => [alias, name, latenessMs, on, columns])]),
    Object.keys(entity.keys),
    keys,
    features.map(({about: _, ...feature}) => feature),
  ]);
  const version = createHash('sha256').update(meaning).digest('hex').slice(0, 12);
  versions.set(view, version);
  return version;
}

/** Names one version of a view among all: `spend@1f2e3d4c5b6a`. */
export const viewKey = (view: FeatureView): string => `${view.name}@${viewVersion(view)}`;

/** What the values depend on that a feature set reads of a view, as data: the view's version, its keys, and its cuts. */
export const useMeaning = ({view, fields, refresh}: ViewUse): JsonValue => [
  viewKey(view),
  fields,
  ...(refresh === undefined ? [] : [refresh]),
];
