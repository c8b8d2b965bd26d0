import type {MetadataStore} from '../../stores/index.ts';

const KIND = 'imported-model';

/** A file's content under its number. */
export type ImportedVersion = {
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
  /** When it was first seen (UTC ms). */
  readonly at: number;
};

/** Versions of an imported model that were seen, oldest first. */
export async function importedVersions(metadata: MetadataStore, name: string): Promise<ImportedVersion[]> {
  const records = await metadata.list(KIND, {idPrefix: `${name}/`});
  const versions = records.map(({value}) => value as unknown as ImportedVersion);
  return versions.filter(version => version.name === name).sort((a, b) => a.version - b.version);
}

/** The number of a content: the one it had before, or the next one, which is recorded. */
export async function numberVersion(
  metadata: MetadataStore,
  name: string,
  sha256: string,
  at: number,
): Promise<ImportedVersion> {
  const known = await importedVersions(metadata, name);
  const same = known.find(version => version.sha256 === sha256);
  if (same) return same;
  const version: ImportedVersion = {name, version: (known.at(-1)?.version ?? 0) + 1, sha256, at};
  await metadata.write([{kind: KIND, id: `${name}/${version.version}`, at, value: version, expected: 0}]);
  return version;
}
