// Every feature of a project as a row of the catalogue.
import {
  columnsOf,
  type DerivedFeature,
  describeFeature,
  type FeatureView,
  printExpression,
  QUERY_TIME,
  type Refresh,
  type WindowFeature,
} from '../../features/index.ts';
import type {DefinitionRecord, FeatureAbout, FeatureRecord} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';
import {same} from './change.ts';
import {columnNodes, lookupsOf, measuresOf, originOf} from './columns-read.ts';

const SENSITIVITIES: readonly FeatureAbout['sensitivity'][] = ['public', 'internal', 'personal'];
const mostSensitive = (all: readonly FeatureAbout['sensitivity'][]): FeatureAbout['sensitivity'] =>
  SENSITIVITIES[Math.max(...all.map(one => SENSITIVITIES.indexOf(one)))] ?? 'internal';

/** All features, those of views first; with the numbers of their versions where definitions were recorded. */
export function featureCatalogue(project: Project, definitions: readonly DefinitionRecord[] = []): FeatureRecord[] {
  const records = new Map<string, FeatureRecord>();
  const numberOf = (of: DefinitionRecord['of'], name: string) =>
    definitions.find(definition => definition.of === of && definition.name === name)?.current ?? null;
  for (const view of project.views)
    for (const feature of view.features)
      records.set(feature.name, {
        name: feature.name,
        type: feature.type,
        origin: 'aggregation',
        view: view.name,
        entity: view.entity.name,
        source: view.source.name,
        definition: describeFeature(feature, refreshOf(project, view)),
        window: feature.window,
        usedBy: readersOf(project, feature.name),
        about: feature.about,
        columns: columnsOfFeature(view, feature),
        version: numberOf('view', view.name),
      });
  for (const {name: set, derived} of project.sets)
    for (const feature of derived)
      records.set(feature.name, derivedRecord(project, feature, records, numberOf('feature-set', set)));
  return [...records.values()];
}

/** The cuts that a view is read as of, if all feature sets that read it read it so. */
function refreshOf({sets}: Project, view: FeatureView): Refresh | undefined {
  const uses = sets.flatMap(set => set.views.filter(use => use.view.name === view.name));
  const [first] = uses;
  return uses.every(({refresh}) => same(refresh ?? null, first!.refresh ?? null)) ? first?.refresh : undefined;
}

function derivedRecord(
  project: Project,
  {name, type, node}: DerivedFeature,
  known: ReadonlyMap<string, FeatureRecord>,
  version: number | null,
): FeatureRecord {
  const read = columnsOf(node);
  const from = read.flatMap(column => known.get(column) ?? []);
  const fields = read.filter(column => !known.has(column) && column !== QUERY_TIME);
  return {
    name,
    type,
    origin: 'request',
    view: null,
    entity: null,
    source: null,
    definition: printExpression(node),
    window: null,
    usedBy: readersOf(project, name),
    about: {
      description: '',
      owner: '',
      tags: [],
      sensitivity: mostSensitive(from.map(({about}) => about.sensitivity)),
    },
    columns: [...new Set([...from.flatMap(({columns}) => columns), ...fields.map(field => `request.${field}`)])],
    version,
  };
}

/** Columns that decide its value, without those that only say whose it is. */
export function columnsOfFeature(view: FeatureView, feature: WindowFeature): string[] {
  const nodes = measuresOf(feature).flatMap(({input, where}) => [...columnNodes(input), ...columnNodes(where)]);
  const lookups = lookupsOf(view);
  return [
    ...new Set(
      nodes.map(({name}) => {
        const {stream, column} = originOf(name, view.source.name, lookups);
        return `${stream}.${column}`;
      }),
    ),
  ];
}

/** The derived features of a set that are computed from `name`, also by way of each other. */
export function dependentsOf(name: string, derived: readonly DerivedFeature[]): string[] {
  const found = new Set([name]);
  // A feature is derived from those before it, so one pass sees them all.
  for (const feature of derived) if (columnsOf(feature.node).some(column => found.has(column))) found.add(feature.name);
  found.delete(name);
  return [...found];
}

/** Models that read it, itself or in a feature derived from it. */
function readersOf({models}: Project, name: string): string[] {
  return models
    .filter(({features, inputs}) => {
      if (!features.features.some(feature => feature.name === name)) return false;
      return [name, ...dependentsOf(name, features.derived)].some(read => inputs.includes(read));
    })
    .map(model => model.name);
}
