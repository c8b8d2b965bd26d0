import type {Features, ModelVersion, Overview} from 'millrace/protocol';
import type {GraphNode} from '../../charts/graph.tsx';
import {Loop} from '../../charts/loop.tsx';
import {useLive} from '../../data/live.tsx';
import {compact, count, inWords, plural} from '../../format/numbers.ts';

/** The ten stages with what stands in each right now. */
export function HomeLoop({
  overview,
  versions,
  features,
}: {
  overview: Overview;
  versions: readonly ModelVersion[];
  features: Features;
}) {
  const {tick} = useLive();
  const events = tick?.events ?? overview.streams.reduce((sum, stream) => sum + stream.events, 0);
  const rejected = overview.streams
    .flatMap(stream => stream.checks)
    .reduce((sum, check) => sum + (check.action === 'reject' ? check.count : 0), 0);
  const newest = versions.reduce<ModelVersion | null>(
    (best, version) => (best === null || version.createdAt > best.createdAt ? version : best),
    null,
  );
  const gates = newest?.evaluation.gates ?? [];
  const summary = overview.models[0];
  const live = features.filter(feature => feature.origin === 'aggregation').length;
  const open = overview.openIncidents;
  const card = (section: string) =>
    newest ? `/models/${encodeURIComponent(newest.model)}/${newest.version}#${section}` : '/models';
  const worst = open.some(({severity, silencedBy}) => severity === 'page' && silencedBy === null)
    ? 'bad'
    : open.length > 0
      ? 'watch'
      : null;
  const arms = summary?.plan?.arms.filter(arm => arm.share > 0) ?? [];
  const speed =
    tick && tick.predictionsPerSecond > 0 ? `${compact(tick.predictionsPerSecond)} a second` : 'none just now';
  const last = overview.retrains[0];

  const nodes: GraphNode[] = [
    {id: 'events', name: 'Events', amount: compact(events), detail: `${count(rejected)} rejected`, to: '/data'},
    {
      id: 'features',
      name: 'Features',
      amount: count(overview.features),
      detail: features.length > 0 ? `${live} live, ${features.length - live} of the request` : 'none defined',
      to: '/features',
    },
    {
      id: 'dataset',
      name: 'Dataset',
      amount: newest ? `${compact(newest.dataset.rows)} rows` : '–',
      detail: newest ? `hash ${newest.dataset.hash.slice(0, 8)}` : 'none built',
      to: card('dataset'),
    },
    {
      id: 'training',
      name: 'Training',
      amount: newest ? `${newest.trainingSeconds.toFixed(1)} s` : '–',
      detail: newest ? inWords(newest.algorithm) : 'nothing trained',
      to: card('candidates'),
    },
    {
      id: 'gates',
      name: 'Gates',
      amount: gates.length > 0 ? `${gates.filter(gate => gate.passed).length} of ${gates.length}` : '–',
      detail: newest ? `v${newest.version} ${newest.evaluation.passed ? 'passed' : 'failed'}` : 'nothing judged',
      to: card('gates'),
    },
    {
      id: 'registry',
      name: 'Registry',
      amount: plural(versions.length, 'version'),
      detail: summary?.champion == null ? 'no champion' : `v${summary.champion} is champion`,
      to: '/models',
    },
    {
      id: 'serving',
      name: 'Serving',
      amount: arms.length > 0 ? arms.map(arm => `v${arm.version}`).join(' + ') : '–',
      detail: arms.length > 0 ? speed : 'nothing deployed',
      to: '/serving',
    },
    {
      id: 'log',
      name: 'Log',
      amount: compact(tick?.predictions ?? overview.predictions),
      detail: 'predictions kept',
      to: '/serving#predictions',
    },
    {
      id: 'monitoring',
      name: 'Monitoring',
      amount: plural(summary?.windows.length ?? 0, 'window'),
      detail: open.length === 0 ? 'nothing open' : plural(open.length, 'open incident'),
      to: open.length === 0 ? '/monitoring' : '/monitoring#incidents',
      ...(worst === null ? {} : {level: worst}),
    },
    {
      id: 'retrain',
      name: 'Retrain',
      amount: plural(overview.retrains.length, 'retrain'),
      detail: last ? `last: ${last.outcome}` : 'none fired',
      to: last ? `/experiments/${encodeURIComponent(last.id)}` : '/experiments',
    },
  ];
  return <Loop nodes={nodes} />;
}
