/** Fixture: versions, lineage and readers of the invented features. */
import type {
  DefinitionChange,
  DefinitionRecord,
  FeatureDetail,
  FeatureRecord,
  Lineage,
  LineageEdge,
  LineageNode,
  ModelVersion,
} from '../../src/protocol/index.ts';
import {DAY, features, MODEL, START} from './fixture-project.ts';
import {derivedFrom, setsOf} from './fixture-values.ts';

const change = (kind: DefinitionChange['kind'], subject: string | null, sentence: string): DefinitionChange => ({
  kind,
  subject,
  before: null,
  after: null,
  sentence,
});

type Sketch = readonly [number: number, day: number, changes: readonly DefinitionChange[], unusedSince: number | null];

const definition = (
  of: DefinitionRecord['of'],
  name: string,
  current: number | null,
  sketches: readonly Sketch[],
): DefinitionRecord => ({
  of,
  name,
  current,
  currentSince: START + (sketches[0]?.[1] ?? 0) * DAY,
  versions: sketches.map(([number, day, changes, unusedSince]) => ({
    of,
    name,
    number,
    hash: `${number}f3a9c04b7e1`.slice(0, 12),
    firstSeenAt: START + day * DAY,
    changes,
    usedBy: unusedSince === null ? [{model: MODEL, version: Math.min(2, number), status: 'champion'}] : [],
    unusedSince,
  })),
});

export const definitions: readonly DefinitionRecord[] = [
  definition('view', 'destination', 1, [[1, 0, [], null]]),
  definition('view', 'origin', 3, [
    [
      3,
      33,
      [
        change('lateness', 'arrivals', 'lateness of arrivals 24h → 48h'),
        change('window', 'origin_late_share', 'window 24h added to origin_late_share'),
      ],
      null,
    ],
    [
      2,
      12,
      [change('where', 'origin_late_share', 'where cancelled = false added to origin_late_share')],
      START + 33 * DAY,
    ],
    [1, 0, [], null],
  ]),
  definition('view', 'route', 1, [[1, 0, [], null]]),
  definition('feature-set', 'atDeparture', 2, [
    [2, 33, [change('view', 'origin', 'view origin: v2 became v3')], null],
    [1, 0, [], null],
  ]),
];

export function detailOf(name: string, versions: readonly ModelVersion[]): FeatureDetail | null {
  const feature = features.find(candidate => candidate.name === name);
  if (!feature) return null;
  const found = definitions.find(candidate => candidate.name === (feature.view ?? 'atDeparture')) ?? null;
  return {
    feature,
    definition: found,
    derivedFrom: derivedFrom[name] ?? [],
    derivedInto: [],
    sets: setsOf(feature),
    readers: versions.flatMap(version => {
      const use = version.features.find(candidate => candidate.name === name);
      if (!use) return [];
      return [
        {
          model: version.model,
          version: version.version,
          status: version.status,
          createdAt: version.createdAt,
          importance: use.importance,
          definition: found === null ? null : Math.min(version.version, found.current ?? 1),
          inUse: version.status === 'champion',
        },
      ];
    }),
  };
}

const columnNode = (column: string): LineageNode => ({
  id: `column:${column}`,
  kind: column.startsWith('request.') ? 'request' : 'column',
  name: column.split('.')[1] ?? column,
  detail: column.startsWith('request.') ? 'field of the request' : `column of ${column.split('.')[0]}`,
  path: column.startsWith('request.') ? null : `/data/${column.split('.')[0]}`,
  personal: false,
});

export function lineageOf(feature: FeatureRecord, versions: readonly ModelVersion[]): Lineage {
  const personal = feature.about.sensitivity === 'personal';
  const nodes: LineageNode[] = [];
  const edges: LineageEdge[] = [];
  const own = `feature:${feature.name}`;
  const add = (node: LineageNode, to: string | null, role: LineageEdge['role'] = 'value') => {
    if (!nodes.some(other => other.id === node.id)) nodes.push(node);
    if (to !== null) edges.push({from: node.id, to, role});
  };
  const plain = {path: null, personal: false};
  add(
    {
      id: own,
      kind: 'feature',
      name: feature.name,
      detail: feature.definition,
      path: `/features/${feature.name}`,
      personal,
    },
    null,
  );
  for (const column of feature.columns) {
    if (feature.definition.includes('>')) {
      const expression = {
        id: 'expression',
        kind: 'expression' as const,
        name: 'delay > 15',
        detail: 'computed for each event',
      };
      add({...expression, ...plain}, null);
      add(columnNode(column), 'expression');
    } else add(columnNode(column), own);
  }
  if (nodes.some(node => node.id === 'expression')) edges.push({from: 'expression', to: own, role: 'value'});
  if (feature.entity) add(columnNode(`arrivals.${feature.entity}`), own, 'key');
  add({id: 'set', kind: 'feature-set', name: 'atDeparture', detail: `${features.length} features`, ...plain}, null);
  edges.push({from: own, to: 'set', role: 'value'});
  for (const version of versions) {
    const dataset = `dataset:${version.dataset.id}`;
    const page = `/models/${version.model}/${version.version}`;
    add(
      {
        id: dataset,
        kind: 'dataset',
        name: version.dataset.id,
        detail: `${version.dataset.rows.toLocaleString('en-US')} rows`,
        path: `${page}#dataset`,
        personal,
      },
      null,
    );
    edges.push({from: 'set', to: dataset, role: 'value'});
    if (!version.features.some(use => use.name === feature.name)) continue;
    const id = `version:${version.version}`;
    add(
      {
        id,
        kind: 'model-version',
        name: `${version.model} v${version.version}`,
        detail: version.status,
        path: page,
        personal,
      },
      null,
    );
    edges.push({from: dataset, to: id, role: 'value'});
    if (version.status !== 'champion') continue;
    add(
      {
        id: 'release',
        kind: 'release',
        name: `${version.model}, revision 7`,
        detail: 'v2 champion 100 %',
        path: '/serving',
        personal,
      },
      null,
    );
    edges.push({from: id, to: 'release', role: 'value'});
  }
  return {feature: feature.name, nodes, edges};
}
