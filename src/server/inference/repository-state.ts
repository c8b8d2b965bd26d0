import type {ModelRepository, RepositoryEntry} from '../../app/index.ts';

/** The reason that an entry gives if somebody unloaded it: it is not awaited. */
const UNLOADED = 'unloaded';

/** Whether requests can be answered: there are models, and each that nobody unloaded has a version that is ready. */
export function isReady(repository: ModelRepository): boolean {
  const ready = new Map<string, boolean>();
  for (const {name, state, reason} of repository.index())
    if (reason !== UNLOADED) ready.set(name, state === 'READY' || ready.get(name) === true);
  return ready.size > 0 && [...ready.values()].every(Boolean);
}

/** All entries, or those that can answer. */
export function indexOf(repository: ModelRepository, readyOnly: boolean): readonly RepositoryEntry[] {
  return readyOnly ? repository.index().filter(({state}) => state === 'READY') : repository.index();
}

/** Versions that statistics are told of: the one named, all of the model named, or all that are ready. */
export function versionsOf(
  repository: ModelRepository,
  name = '',
  version = '',
): readonly {readonly name: string; readonly version: string}[] {
  if (name === '') return indexOf(repository, true);
  if (version !== '') return [repository.model(name, version)];
  return repository.versions(name).map(each => ({name, version: each}));
}
