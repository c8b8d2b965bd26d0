import type {Registry} from 'prom-client';
import {type Host, type LiveModel, WatchedFeatures} from '../app/index.ts';
import type {DriftReport, Estimate, Metrics, MonitorWindow} from '../protocol/index.ts';
import {gaugeOf, type Sample} from './metrics/gauge-of.ts';

/** Series of one kind that a model has at most: names come from definitions, and definitions may be long. */
const MOST_SERIES = 100;

/** What Prometheus is told of the newest windows: predictions, features, inputs, quality, performance and labels. */
export function monitoringMetrics(registry: Registry, host: Host): void {
  const models = () => host.platform?.models ?? [];
  const watched = new WatchedFeatures(host.runtime);
  /** Samples of every model that has a window of a kind; `of` is given the newest. */
  const fromWindows = (
    name: string,
    help: string,
    labels: readonly string[],
    of: (window: MonitorWindow) => readonly Sample[],
    has: (window: MonitorWindow) => boolean = ({predictions}) => predictions > 0,
  ) =>
    gaugeOf(registry, {name: `millrace_${name}`, help, labels: ['model', ...labels]}, () =>
      models().flatMap(({definition, watch}) => {
        const window = watch.windows.findLast(has);
        return window ? of(window).map(([more, value]): Sample => [{model: definition.name, ...more}, value]) : [];
      }),
    );
  const ofFeatures = (name: string, help: string, read: (report: DriftReport) => number) =>
    gaugeOf(registry, {name: `millrace_${name}`, help, labels: ['model', 'feature']}, async () => {
      const all = await Promise.all(models().map(model => driftOf(model, watched)));
      return all.flat().map(({model, report}): Sample => [{model, feature: report.subject}, read(report)]);
    });

  ofFeatures('drift_effect', 'De-biased PSI of watched features in the newest window.', ({effect}) => effect);
  ofFeatures('drift_detected', '1 where a watched feature drifts; absent where too few rows can tell.', detected);
  fromWindows('input_drift_effect', 'De-biased PSI of fields of requests.', ['field'], ({inputs = []}) =>
    inputs.slice(0, MOST_SERIES).map(({subject, effect}) => [{field: subject}, effect]),
  );
  fromWindows('prediction_drift_effect', 'De-biased PSI of predictions.', [], ({prediction}) => [
    [{}, prediction.effect],
  ]);
  fromWindows('prediction_mean', 'Mean prediction of the newest window.', [], w => [[{}, w.meanPrediction]]);
  fromWindows(
    'multivariate_drift',
    'All features at once: AUC of a classifier, MMD², or reconstruction error.',
    ['method'],
    ({multivariate = []}) => multivariate.map(({method, value}) => [{method}, value]),
  );
  fromWindows('quality_broken_share', 'Share of rows that break a check.', ['check', 'level'], ({quality = []}) =>
    quality
      .slice(0, MOST_SERIES)
      .map(({check, level, broken, rows}) => [{check, level}, rows === 0 ? Number.NaN : broken / rows]),
  );
  fromWindows('quality_checks_broken', 'Checks that are broken.', ['severity'], ({quality = []}) =>
    (['page', 'ticket'] as const).map(severity => [
      {severity},
      quality.filter(result => result.severity === severity && result.verdict === 'broken').length,
    ]),
  );
  const performance = ['metric', 'bound'] as const;
  fromWindows(
    'performance_estimated',
    'Performance without labels, with its 95 % interval.',
    performance,
    ({estimate}) => Object.entries(estimate?.metrics ?? {}).flatMap(([metric, of]) => bounds(metric, of)),
  );
  const isScored = (window: MonitorWindow) => window.performance !== null;
  fromWindows(
    'performance_realised',
    'Performance of the newest window whose labels are in.',
    performance,
    window => realised(window.performance!.overall),
    isScored,
  );
  fromWindows(
    'labels_unknown_share',
    'Share of predictions of the newest scored window that never got a label.',
    [],
    ({performance: scored}) => [[{}, scored!.unknown / (scored!.unknown + scored!.labelled)]],
    isScored,
  );
  fromWindows('labels_pending_share', 'Share of predictions of the newest window without a label yet.', [], window => {
    const progress = window.labels?.at(-1);
    return progress ? [[{}, progress.pending / (progress.pending + progress.labelled)]] : [];
  });
  fromWindows('window_end_timestamp_seconds', 'End of the newest window.', [], ({to}) => [[{}, to / 1_000]]);
  fromWindows(
    'scored_window_end_timestamp_seconds',
    'End of the newest window whose labels are in.',
    [],
    ({to}) => [[{}, to / 1_000]],
    isScored,
  );
}

async function driftOf(model: LiveModel, watched: WatchedFeatures) {
  const window = model.watch.windows.findLast(({predictions}) => predictions > 0);
  if (!window) return [];
  const names = await watched.of(model, MOST_SERIES);
  return window.drift.filter(({subject}) => names.has(subject)).map(report => ({model: model.definition.name, report}));
}

const detected = ({verdict}: DriftReport): number =>
  verdict === 'insufficient data' ? Number.NaN : verdict === 'drift' ? 1 : 0;

const bounds = (metric: string, {value, low, high}: Estimate): Sample[] => [
  [{metric, bound: 'value'}, value],
  [{metric, bound: 'low'}, low],
  [{metric, bound: 'high'}, high],
];

/** The measures that monitoring knows, with bounds where it has them. */
function realised(metrics: Metrics): Sample[] {
  const plain = (['logLoss', 'brier', 'prAuc', 'baseRate', 'ece'] as const).flatMap((metric): Sample[] => {
    const value = metrics[metric];
    return value === null || value === undefined ? [] : [[{metric, bound: 'value'}, value]];
  });
  const {auc, aucLow, aucHigh} = metrics;
  if (auc === null || auc === undefined) return plain;
  return [...bounds('auc', {value: auc, low: aucLow ?? Number.NaN, high: aucHigh ?? Number.NaN}), ...plain];
}
