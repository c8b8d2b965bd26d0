import {columnsOf} from '../../features/index.ts';
import type {DefinitionRecord, FeatureDetail, FeatureReader} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';
import {pins} from './definition-records.ts';
import {dependentsOf, featureCatalogue} from './feature-records.ts';
import {findFeature} from './find-feature.ts';
import {setUses} from './read-fields.ts';
import {inUse, type ModelHistory} from './usage.ts';

type Given = {
  readonly project: Project;
  readonly models: readonly ModelHistory[];
  readonly definitions: readonly DefinitionRecord[];
};

/** Everything of one feature. Throws FEATURE_UNKNOWN. */
export function featureDetail(name: string, {project, models, definitions}: Given): FeatureDetail {
  const feature = findFeature(featureCatalogue(project, definitions), name);
  const sets = project.sets.filter(set => set.features.some(candidate => candidate.name === name));
  const deriving = sets.find(set => set.derived.some(candidate => candidate.name === name));
  const node = deriving?.derived.find(candidate => candidate.name === name)?.node;
  const known = new Set(deriving?.features.map(candidate => candidate.name));
  const derivedInto = [...new Set(sets.flatMap(set => dependentsOf(name, set.derived)))];
  const definition =
    definitions.find(({of, name: own}) =>
      feature.view === null ? of === 'feature-set' && own === deriving?.name : of === 'view' && own === feature.view,
    ) ?? null;
  const readers = models.flatMap(history =>
    history.versions.flatMap((version): FeatureReader[] => {
      const reads = version.features.filter(use => use.name === name || derivedInto.includes(use.name));
      if (reads.length === 0) return [];
      return [
        {
          model: version.model,
          version: version.version,
          status: version.status,
          createdAt: version.createdAt,
          importance: reads.reduce((sum, use) => sum + use.importance, 0),
          definition: definition?.versions.find(candidate => pins(version, candidate))?.number ?? null,
          inUse: inUse(version, history),
        },
      ];
    }),
  );
  return {
    feature,
    definition,
    derivedFrom: node ? columnsOf(node).filter(column => known.has(column)) : [],
    derivedInto,
    sets: setUses(project, name),
    readers: readers.sort((a, b) => b.createdAt - a.createdAt),
  };
}
