import {compactModel} from '../../models/index.ts';
import {columnSpecs, MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import type {VersionParts} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {pinnedSet} from '../live/pinned-sets.ts';
import {versionParts} from '../live/version-parts.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {EXPORT_FORMAT, type ExportedArrays, type ExportedModel, timeless} from './edge/exported-model.ts';

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
  const {name, serving} = definition;
  const set = (await pinnedSet(runtime, definition, version)) ?? definition.features;
  if ('features' in set.request)
    throw new MillraceError('DEFINITION_INVALID', `A request of '${name}' has a field 'features'.`, {
      fix: 'Give the field another name: modules take the features of views by that one.',
    });
  const {artifact, companions, ranges}: VersionParts = await versionParts(runtime, name, version);
  const policy = timeless(serving);
  return {
    format: EXPORT_FORMAT,
    model: name,
    version,
    featureSet: set.name,
    request: columnSpecs(set.request),
    views: set.views.map(({view}) => ({
      name: view.name,
      features: view.features.map(feature => ({name: feature.name, type: feature.type})),
    })),
    derived: set.derived,
    policy,
    ranges: policy.inputs.outside === 'ignore' ? [] : [...ranges],
    main: arraysOf(artifact),
    companions: [...companions].map(([companion, bytes]) => [companion, arraysOf(bytes)]),
  };
}

function arraysOf(artifact: Uint8Array): ExportedArrays {
  const {spec, arrays, bytes} = compactModel(artifact);
  return {spec, arrays, base64: Buffer.from(bytes).toString('base64')};
}
