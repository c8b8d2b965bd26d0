import {viewVersion} from '../../features/index.ts';
import type {JsonValue, ModelVersion} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {storeSet} from './stored-set.ts';

/** The definitions that a version trained now has to be served with. */
export function pinsOf({features}: ModelDefinition): Required<Pick<ModelVersion, 'views' | 'featureSet'>> {
  const stored = storeSet(features);
  return {
    views: features.views.map(({view}) => ({name: view.name, version: viewVersion(view)})),
    featureSet: {name: stored.name, version: stored.version, definition: stored as unknown as JsonValue},
  };
}
