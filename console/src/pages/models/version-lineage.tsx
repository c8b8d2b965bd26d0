import type {ModelVersion} from 'millrace/protocol';
import type {GraphNode} from '../../charts/graph.tsx';
import {Lineage} from '../../charts/lineage.tsx';
import {useFeatures} from '../../data/queries.ts';
import {bytes, compact, inWords, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';

/** What it was made of, from the left, and what became of it. */
export function VersionLineage({version}: {version: ModelVersion}) {
  const times = useTimes();
  const features = useFeatures().data ?? [];
  const {dataset, lineage, artifact, evaluation} = version;
  const page = (other: number) => `/models/${encodeURIComponent(version.model)}/${other}`;
  const own = page(version.version);
  const used = new Set(dataset.features);
  const sources = [
    ...new Set(features.filter(feature => used.has(feature.name)).flatMap(feature => feature.source ?? [])),
  ];

  const streams: GraphNode[] = sources.map(name => ({
    id: `stream ${name}`,
    name: 'Stream',
    amount: name,
    detail: `up to position ${compact(lineage.logPosition)}`,
    to: `/data/${encodeURIComponent(name)}`,
  }));
  const set: GraphNode = {
    id: 'dataset',
    name: `Dataset as of ${times.short(dataset.asOf)}`,
    amount: `${compact(dataset.rows)} rows`,
    detail: `hash ${dataset.hash.slice(0, 8)}`,
    to: `${own}#dataset`,
  };
  const parents: GraphNode[] = [
    ...(lineage.parent === null
      ? []
      : [
          {
            id: 'parent',
            name: 'Continued from',
            amount: `v${lineage.parent}`,
            detail: 'warm start',
            to: page(lineage.parent),
          },
        ]),
    ...(lineage.retrain === null
      ? []
      : [
          {
            id: 'retrain',
            name: 'Asked for by retrain',
            amount: lineage.retrain.replace(`${version.model}-`, ''),
            detail: lineage.incumbent === null ? 'no incumbent' : `against v${lineage.incumbent}`,
            to: `/experiments/${encodeURIComponent(lineage.retrain)}`,
          },
        ]),
  ];
  const training: GraphNode = {
    id: 'training',
    name: 'Training',
    amount: `${version.trainingSeconds.toFixed(1)} s`,
    detail: inWords(version.algorithm),
    to: `${own}#candidates`,
  };
  const gates: GraphNode = {
    id: 'gates',
    name: 'Evaluation',
    amount: `AUC ${ratio(version.metrics.auc)}`,
    detail: `${evaluation.gates.filter(gate => gate.passed).length} of ${plural(evaluation.gates.length, 'gate')} passed`,
    to: `${own}#gates`,
  };
  const made: GraphNode = {
    id: 'version',
    name: 'Version',
    amount: `v${version.version}, ${version.status}`,
    detail: `artifact of ${bytes(artifact.bytes)}`,
    to: own,
  };
  return (
    <Lineage
      layers={[streams, [set, ...parents], [training], [gates], [made]].filter(layer => layer.length > 0)}
      edges={[
        ...streams.map((stream): [string, string] => [stream.id, 'dataset']),
        ['dataset', 'training'],
        ...parents.map((parent): [string, string] => [parent.id, 'training']),
        ['training', 'gates'],
        ['gates', 'version'],
      ]}
    />
  );
}
