import type {FeatureDetail, LineageKind} from 'millrace/protocol';
import {LayeredGraph} from '../../../charts/layered-graph.tsx';
import {Await} from '../../../data/await.tsx';
import {useLineage} from '../../../data/queries.ts';
import {Section} from '../../../parts/page.tsx';
import {Bone} from '../../../parts/skeleton.tsx';
import {readable} from '../readable.ts';

const KINDS: Record<LineageKind, string> = {
  column: 'Column',
  request: 'Request',
  expression: 'Expression',
  feature: 'Feature',
  'feature-set': 'Feature set',
  dataset: 'Training set',
  'model-version': 'Model',
  release: 'Release',
};

/** From columns to releases, left to right; who reads personal data is marked. */
export function LineagePanel({detail: {feature}}: {detail: FeatureDetail}) {
  const lineage = useLineage(feature.name);
  const personal = feature.about.sensitivity === 'personal';
  return (
    <Section
      id="lineage"
      title="Lineage"
      aside={personal ? 'personal data: every node marked so reads it' : 'dashed: says whose value it is, or filters'}
    >
      <Await reads={{lineage}} skeleton={<Bone height={260} />}>
        {got => (
          <LayeredGraph
            label={`Lineage of ${feature.name}`}
            focus={`feature:${feature.name}`}
            nodes={got.lineage.nodes.map(node => ({
              id: node.id,
              kind: KINDS[node.kind],
              name: readable(node.name),
              detail: readable(node.detail),
              path: node.path,
              mark: node.personal ? 'personal' : undefined,
            }))}
            edges={got.lineage.edges.map(({from, to, role}) => ({from, to, dashed: role !== 'value'}))}
          />
        )}
      </Await>
    </Section>
  );
}
