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
  checkFields(model, Object.keys(set.request));
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

/** Names that a module's input has beside the fields of the request. Throws DEFINITION_INVALID. */
export function checkFields(model: string, fields: readonly string[]): void {
  const taken = ['features', 'at', 'id'].find(name => fields.includes(name));
  if (taken !== undefined)
    throw new MillraceError('DEFINITION_INVALID', `A request of '${model}' has a field '${taken}'.`, {
      fix: `Give the field another name: modules take something else by '${taken}'.`,
    });
}

export function arraysOf(artifact: Uint8Array): ExportedArrays {
  const {spec, arrays, bytes} = compactModel(artifact);
  return {spec, arrays, base64: Buffer.from(bytes).toString('base64')};
}
