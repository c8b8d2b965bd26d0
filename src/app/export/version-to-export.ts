import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet} from '../live/pinned-sets.ts';
import {versionParts} from '../live/version-parts.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {ExportedModel} from './edge/exported-model.ts';
import {packExport} from './pack-export.ts';

/** The version asked for; without a number the one in production, or else the newest. Throws VERSION_NOT_FOUND. */
export async function versionToExport(
  {registry}: Pick<Runtime, 'registry'>,
  {name}: ModelDefinition,
  number?: number,
): Promise<ModelVersion> {
  if (number !== undefined) return registry.version(name, number);
  const plan = await registry.plan(name);
  if (plan) return registry.version(name, championOf(plan));
  const [newest] = await registry.versions(name);
  if (newest) return newest;
  throw new MillraceError('VERSION_NOT_FOUND', `'${name}' has no version yet.`, {fix: 'Run millrace train first.'});
}

/** All that a module needs to answer as the server does with this version. Throws DEFINITION_INVALID, STORE_CORRUPT. */
export async function exportedModel(
  runtime: Runtime,
  definition: ModelDefinition,
  {version}: ModelVersion,
): Promise<ExportedModel> {
  const {name, serving: policy} = definition;
  const set = (await pinnedSet(runtime, definition, version)) ?? definition.features;
  return packExport({model: name, version, set, policy, parts: await versionParts(runtime, name, version)});
}
