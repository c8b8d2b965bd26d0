import type {FeatureSet} from '../../features/index.ts';
import {compactModel} from '../../models/index.ts';
import {columnSpecs, MillraceError} from '../../protocol/index.ts';
import type {ServingPolicy, VersionParts} from '../../serving/index.ts';
import {EXPORT_FORMAT, type ExportedArrays, type ExportedModel, timeless} from './edge/exported-model.ts';

export type ToExport = {
  readonly model: string;
  readonly version: number;
  /** What the version reads. */
  readonly set: FeatureSet;
  readonly policy: ServingPolicy;
  readonly parts: VersionParts;
};

/** A version as the data of a module. Throws DEFINITION_INVALID if its requests cannot be taken by one. */
export function packExport({model, version, set, policy, parts}: ToExport): ExportedModel {
  if ('features' in set.request)
    throw new MillraceError('DEFINITION_INVALID', `A request of '${model}' has a field 'features'.`, {
      fix: 'Give the field another name: modules take the features of views by that one.',
    });
  const kept = timeless(policy);
  return {
    format: EXPORT_FORMAT,
    model,
    version,
    featureSet: set.name,
    request: columnSpecs(set.request),
    views: set.views.map(({view}) => ({
      name: view.name,
      features: view.features.map(({name, type}) => ({name, type})),
    })),
    derived: set.derived,
    policy: kept,
    ranges: kept.inputs.outside === 'ignore' ? [] : [...parts.ranges],
    main: arraysOf(parts.artifact),
    companions: [...parts.companions].map(([name, bytes]) => [name, arraysOf(bytes)]),
  };
}

function arraysOf(artifact: Uint8Array): ExportedArrays {
  const {spec, arrays, bytes} = compactModel(artifact);
  return {spec, arrays, base64: Buffer.from(bytes).toString('base64')};
}
