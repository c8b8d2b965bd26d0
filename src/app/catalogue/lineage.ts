// Where a feature comes from and where it goes: columns, expressions, features, sets, training sets, models, releases.
import {
  columnsOf,
  type FeatureSet,
  type FeatureView,
  type Node,
  printExpression,
  QUERY_TIME,
  type WindowFeature,
} from '../../features/index.ts';
import type {DefinitionRecord, FeatureRecord, Lineage, ModelVersion} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';
import {columnNodes, lookupsOf, measuresOf, originOf} from './columns-read.ts';
import {pins} from './definition-records.ts';
import {dependentsOf, featureCatalogue} from './feature-records.ts';
import {findFeature} from './find-feature.ts';
import {LineageGraph} from './lineage-graph.ts';
import type {ModelHistory} from './usage.ts';

type Given = {
  readonly project: Project;
  readonly models: readonly ModelHistory[];
  readonly definitions: readonly DefinitionRecord[];
};

/** The lineage of a feature, both ways. Throws FEATURE_UNKNOWN. */
export function lineageOf(name: string, {project, models, definitions}: Given): Lineage {
  const records = featureCatalogue(project, definitions);
  findFeature(records, name);
  const graph = new LineageGraph();
  upstream(name, {project, records, graph});
  for (const set of project.sets)
    if (set.features.some(feature => feature.name === name))
      downstream(name, set, {records, graph, models, definitions});
  return graph.of(name);
}

type Upstream = {
  readonly project: Project;
  readonly records: readonly FeatureRecord[];
  readonly graph: LineageGraph;
};

/** Adds a feature and all that it is computed from; returns the id of its node. */
function upstream(name: string, given: Upstream): string {
  const {project, records, graph} = given;
  const id = featureNode(name, records, graph);
  for (const view of project.views) {
    const feature = view.features.find(candidate => candidate.name === name);
    if (!feature) continue;
    columnsInto(id, view, feature, graph);
    return id;
  }
  for (const set of project.sets) {
    const derived = set.derived.find(candidate => candidate.name === name);
    if (!derived) continue;
    for (const read of columnsOf(derived.node)) {
      const isFeature = set.features.some(candidate => candidate.name === read);
      graph.edge(isFeature ? upstream(read, given) : requestNode(read, graph), id);
    }
    return id;
  }
  return id;
}

function featureNode(name: string, records: readonly FeatureRecord[], graph: LineageGraph): string {
  const {definition, about, view} = findFeature(records, name);
  return graph.node({
    id: `feature:${name}`,
    kind: 'feature',
    name,
    detail: view === null ? definition : `${view}: ${definition}`,
    path: `/features/${encodeURIComponent(name)}`,
    personal: about.sensitivity === 'personal',
  });
}

function requestNode(field: string, graph: LineageGraph): string {
  const time = field === QUERY_TIME;
  return graph.node({
    id: `request:${field}`,
    kind: 'request',
    name: time ? 'query time' : field,
    detail: time ? 'when the prediction is asked for' : 'field of the request',
  });
}

function columnsInto(id: string, view: FeatureView, feature: WindowFeature, graph: LineageGraph): void {
  const lookups = lookupsOf(view);
  const column = (name: string): string => {
    const {stream, column: own} = originOf(name, view.source.name, lookups);
    return graph.node({
      id: `column:${stream}.${own}`,
      kind: 'column',
      name: own,
      detail: `column of ${stream}`,
      path: `/data/${encodeURIComponent(stream)}`,
    });
  };
  /** A bare column leads to the feature by itself, others by way of their expression. */
  const through = (node: Node | null, role: 'value' | 'condition') => {
    if (node === null) return;
    if (node.op === 'column') {
      graph.edge(column(node.name), id, role);
      return;
    }
    const text = printExpression(node);
    const expression = graph.node({
      id: `expression:${view.source.name}:${text}`,
      kind: 'expression',
      name: text,
      detail: role === 'condition' ? 'only events where this holds' : 'computed for each event',
    });
    for (const {name} of columnNodes(node)) graph.edge(column(name), expression);
    graph.edge(expression, id, role);
  };
  for (const {input, where} of measuresOf(feature)) {
    through(input, 'value');
    through(where, 'condition');
  }
  for (const name of Object.values(view.keys)) graph.edge(column(name), id, 'key');
}

type Downstream = Omit<Given, 'project'> & {readonly records: readonly FeatureRecord[]; readonly graph: LineageGraph};

function downstream(name: string, set: FeatureSet, given: Downstream): void {
  const {records, graph, models, definitions} = given;
  const from = featureNode(name, records, graph);
  const dependents = dependentsOf(name, set.derived);
  const setNode = graph.node({
    id: `set:${set.name}`,
    kind: 'feature-set',
    name: set.name,
    detail: `${set.features.length} features`,
  });
  graph.edge(from, setNode);
  for (const dependent of dependents) {
    const to = featureNode(dependent, records, graph);
    for (const read of columnsOf(set.derived.find(feature => feature.name === dependent)!.node))
      if (read === name || dependents.includes(read)) graph.edge(featureNode(read, records, graph), to);
    graph.edge(to, setNode);
  }
  const personal = findFeature(records, name).about.sensitivity === 'personal';
  const owners = definitions.find(definition => definition.of === 'view' && definition.name === viewOf(name, records));
  for (const history of models)
    for (const version of history.versions) {
      if ((version.featureSet?.name ?? set.name) !== set.name || !version.dataset.features.includes(name)) continue;
      const dataset = datasetNode(version, personal, owners, graph);
      graph.edge(setNode, dataset);
      if (version.features.some(({name: read}) => read === name || dependents.includes(read)))
        modelNodes(version, history, personal, dataset, graph);
    }
}

const viewOf = (name: string, records: readonly FeatureRecord[]): string | null => findFeature(records, name).view;

function datasetNode(
  version: ModelVersion,
  personal: boolean,
  view: DefinitionRecord | undefined,
  graph: LineageGraph,
): string {
  const {dataset, model} = version;
  const trained = view?.versions.find(candidate => pins(version, candidate));
  const rows = `${dataset.rows.toLocaleString('en-US')} rows`;
  return graph.node({
    id: `dataset:${dataset.id}`,
    kind: 'dataset',
    name: `${model}, as of ${new Date(dataset.asOf).toISOString().slice(0, 10)}`,
    detail: trained ? `${rows}, ${view!.name} v${trained.number}` : rows,
    path: `/models/${encodeURIComponent(model)}/${version.version}#dataset`,
    personal,
  });
}

function modelNodes(
  {model, version, status, algorithm}: ModelVersion,
  {plans}: ModelHistory,
  personal: boolean,
  dataset: string,
  graph: LineageGraph,
): void {
  const own = graph.node({
    id: `version:${model}/${version}`,
    kind: 'model-version',
    name: `${model} v${version}`,
    detail: `${status}, ${algorithm}`,
    path: `/models/${encodeURIComponent(model)}/${version}`,
    personal,
  });
  graph.edge(dataset, own);
  const [plan] = plans;
  const arm = plan?.arms.find(candidate => candidate.version === version);
  if (!plan || !arm) return;
  const release = graph.node({
    id: `release:${model}`,
    kind: 'release',
    name: `${model}, revision ${plan.revision}`,
    detail: plan.arms.map(({role, version: of, share}) => `v${of} ${role} ${Math.round(share * 100)} %`).join(', '),
    path: `/serving?model=${encodeURIComponent(model)}`,
    personal,
  });
  graph.edge(own, release);
}
