import type {DefinitionKind, DefinitionVersion, JsonValue} from '../../protocol/index.ts';
import type {MetadataStore, MetadataWrite} from '../../stores/index.ts';
import type {Project} from '../project/project.ts';
import {Catalogue, type DefinitionHistory, historyWrite, versionWrite} from './catalogue.ts';
import {same} from './change.ts';
import {diffSets} from './diff-sets.ts';
import {diffViews} from './diff-views.ts';
import {type StoredSet, storeSet} from './stored-set.ts';
import {type StoredView, storeView} from './stored-view.ts';

type Stored = StoredView | StoredSet;

/**
 * Keeps what a project defines at `now`: a view or feature set whose meaning is new becomes a numbered version with its
 * difference to the one before; words about it are brought up to date; what the project no longer defines is said to be
 * gone. Returns the new versions. All is written or nothing. Throws STORE_CONFLICT if another process wrote meanwhile.
 */
export async function recordDefinitions(
  metadata: MetadataStore,
  project: Project,
  now: number,
): Promise<DefinitionVersion[]> {
  const catalogue = new Catalogue(metadata);
  const histories = await catalogue.histories();
  const versions = await catalogue.versions();
  const writes: MetadataWrite[] = [];
  const made: DefinitionVersion[] = [];
  const defined = new Set<string>();

  const record = (
    of: DefinitionKind,
    name: string,
    stored: Stored,
    diff: (before: Stored) => DefinitionVersion['changes'],
  ) => {
    defined.add(`${of}/${name}`);
    const history = histories.find(h => h.of === of && h.name === name);
    const known = versions.filter(v => v.of === of && v.name === name);
    const latest = history?.history.findLast(({number}) => number !== null)?.number;
    const before = known.find(({number}) => number === latest);
    const old = known.find(({hash}) => hash === stored.version);
    const definition = stored as unknown as JsonValue;
    const version: DefinitionVersion = old
      ? {...old, definition}
      : {
          of,
          name,
          number: known.length + 1,
          hash: stored.version,
          firstSeenAt: now,
          changes: before ? diff(before.definition as unknown as Stored) : [],
          definition,
        };
    if (!old) made.push(version);
    if (!old || !same(old.definition, definition)) writes.push(versionWrite(version));
    if (history?.history.at(-1)?.number !== version.number)
      writes.push(moved({of, name, history: history?.history ?? []}, version.number, now, history?.revision ?? 0));
  };

  for (const view of project.views) {
    const stored = storeView(view);
    record('view', view.name, stored, before => diffViews(before as StoredView, stored));
  }
  const numberOf = (name: string, hash: string): number | null =>
    [...versions, ...made].find(v => v.of === 'view' && v.name === name && v.hash === hash)?.number ?? null;
  for (const set of project.sets) {
    const stored = storeSet(set);
    record('feature-set', set.name, stored, before => diffSets(before as StoredSet, stored, numberOf));
  }
  for (const history of histories)
    if (!defined.has(`${history.of}/${history.name}`) && history.history.at(-1)?.number !== null)
      writes.push(moved(history, null, now, history.revision));
  if (writes.length > 0) await metadata.write(writes);
  return made;
}

const moved = (
  {of, name, history}: DefinitionHistory,
  number: number | null,
  at: number,
  revision: number,
): MetadataWrite => historyWrite({of, name, history: [...history, {at, number}]}, at, revision);
