import {columnsOf, type FeatureSet} from '../../features/index.ts';
import type {FeatureSetUse, ReadField} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';

/** Where a feature can be read: the sets that have it, with the fields that a read must say and those that decide its value. */
export function setUses({sets, models}: Project, feature: string): FeatureSetUse[] {
  return sets
    .filter(set => set.features.some(({name}) => name === feature))
    .map(set => ({
      set: set.name,
      models: models.filter(({features}) => features.name === set.name).map(({name}) => name),
      fields: readFields(set, feature),
    }));
}

/** Fields that decide it come first, keys before what else the request says. */
export function readFields(set: FeatureSet, feature: string): ReadField[] {
  const decisive = decisiveFields(set, feature);
  const entityOf = (field: string) =>
    set.views
      .filter(({fields}) => Object.values(fields).includes(field))
      .sort((a, b) => Number(has(b.view, feature)) - Number(has(a.view, feature)))[0]?.view.entity.name ?? null;
  return Object.entries(set.request)
    .filter(([, {size}]) => size === undefined)
    .map(([name, {type}]): ReadField => ({name, type, entity: entityOf(name), decides: decisive.has(name)}))
    .filter(field => field.decides || field.entity !== null)
    .sort((a, b) => Number(b.decides) - Number(a.decides) || Number(a.entity === null) - Number(b.entity === null));
}

/** Fields of the request that its value is computed from, also by way of other features. */
function decisiveFields(set: FeatureSet, feature: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (name in set.request) found.add(name);
    const node = set.derived.find(derived => derived.name === name)?.node;
    for (const column of node ? columnsOf(node) : []) visit(column);
    const use = set.views.find(({view}) => has(view, name));
    for (const field of use ? Object.values(use.fields) : []) found.add(field);
  };
  visit(feature);
  return found;
}

const has = (view: FeatureSet['views'][number]['view'], name: string): boolean =>
  view.features.some(feature => feature.name === name);
