import type {VersionParts} from '../../serving/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadProfile} from '../train/build-version.ts';

/** All that answering with a version takes, hashes checked. Throws VERSION_NOT_FOUND, STORE_CORRUPT. */
export async function versionParts(
  {registry, objects}: Pick<Runtime, 'registry' | 'objects'>,
  model: string,
  number: number,
): Promise<VersionParts> {
  const version = await registry.version(model, number);
  const profile = await loadProfile({objects}, model, number);
  const ranges = profile.features.flatMap(feature =>
    feature.kind === 'numeric' && feature.range ? [[feature.name, feature.range] as const] : [],
  );
  return {
    artifact: await registry.artifact(version),
    companions: await registry.companions(version),
    ranges: new Map(ranges),
  };
}
