import {type DefinitionDiff, type DefinitionVersion, MillraceError, nearest} from '../../protocol/index.ts';
import type {Catalogue} from './catalogue.ts';
import {diffSets} from './diff-sets.ts';
import {diffViews} from './diff-views.ts';
import type {StoredSet} from './stored-set.ts';
import type {StoredView} from './stored-view.ts';

/**
 * How one version of a view or feature set differs from another; unless told, the newest from the one before. Throws
 * NAME_UNKNOWN, VERSION_NOT_FOUND.
 */
export async function definitionDiff(
  catalogue: Catalogue,
  name: string,
  {from, to}: {readonly from?: number | undefined; readonly to?: number | undefined} = {},
): Promise<DefinitionDiff> {
  const all = await catalogue.versions();
  const named = all.filter(version => version.name === name);
  const of = named.some(version => version.of === 'view') ? 'view' : 'feature-set';
  const versions = named.filter(version => version.of === of);
  if (versions.length === 0) {
    const near = nearest(name, [...new Set(all.map(version => version.name))]);
    throw new MillraceError('NAME_UNKNOWN', `There is no view or feature set '${name}'.`, {
      fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'See their names: millrace features.',
    });
  }
  const numbered = (number: number): DefinitionVersion => {
    const found = versions.find(version => version.number === number);
    if (found) return found;
    throw new MillraceError('VERSION_NOT_FOUND', `'${name}' has no version ${number}.`, {
      fix: `It has ${versions.map(version => version.number).join(', ')}.`,
    });
  };
  const after = numbered(to ?? versions.at(-1)!.number);
  const before = numbered(from ?? Math.max(1, after.number - 1));
  const numberOf = (view: string, hash: string): number | null =>
    all.find(version => version.of === 'view' && version.name === view && version.hash === hash)?.number ?? null;
  const [a, b] = [before.definition as unknown, after.definition as unknown];
  const changes =
    of === 'view' ? diffViews(a as StoredView, b as StoredView) : diffSets(a as StoredSet, b as StoredSet, numberOf);
  return {of, name, from: before.number, to: after.number, changes};
}
