import type {CompressionReport, OnnxCompressionReport} from '../app/index.ts';
import {count, metric, percent} from './terminal/figures.ts';
import {table} from './terminal/table.ts';
import type {Terminal} from './terminal/terminal.ts';

type Style = Terminal['style'];
type Row = readonly [name: string, before: string, after: string, change: string];
type Improvement = CompressionReport['change']['auc'];

const right = (title: string) => ({title, align: 'right' as const});
const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
const times = (before: number, after: number): string => `${(after / before).toFixed(2)} ×`;
const signed = (value: number): string => {
  const figure = Math.abs(value).toFixed(4);
  return `${value >= 0 || Number(figure) === 0 ? '+' : '−'}${figure}`;
};
const interval = (change: Improvement): string =>
  change === null ? '–' : `${signed(change.value)} [${signed(change.low)}, ${signed(change.high)}]`;

/** Size, latency and quality before and after; the change of AUC and log loss is above 0 where it got better. */
export function compressionLines(report: CompressionReport, {bold, dim}: Style): string[] {
  const {before, after, change, difference, steps} = report;
  const [was, is] = [before.metrics, after.metrics];
  const made = steps.map(({method, parameters}) => {
    const words = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`);
    return words.length === 0 ? method : `${method} (${words.join(', ')})`;
  });
  const rows: Row[] = [
    ['size', kilobytes(before.bytes), kilobytes(after.bytes), times(before.bytes, after.bytes)],
    ...latencyRows(before.latency, after.latency),
    ['AUC', metric(was.auc, 4), metric(is.auc, 4), interval(change.auc)],
    ['log loss', metric(was.logLoss, 4), metric(is.logLoss, 4), interval(change.logLoss)],
    ['calibration error', metric(was.ece, 4), metric(is.ece, 4), signed(was.ece - is.ece)],
    ['mean prediction', percent(was.meanPrediction), percent(is.meanPrediction), `rate ${percent(is.baseRate)}`],
  ];
  return [
    bold(`${report.model}, version ${report.version}: ${made.join(', then ')}`),
    '',
    ...table(
      [{title: `on ${count(report.testRows)} test rows`}, right('before'), right('after'), right('change')],
      rows,
      dim,
    ),
    '',
    dim('  Of quality, + is better.'),
    `  Predictions differ by ${difference.mean.toExponential(1)} on average, ${difference.p99.toExponential(1)} at p99, ${difference.max.toExponential(1)} at most.`,
    ...(report.sameData
      ? []
      : ['  The data have changed since it was trained: these are not the rows of its own trial.']),
    ...sliceLines(report, dim),
  ];
}

function sliceLines({slices}: CompressionReport, dim: Style['dim']): string[] {
  if (slices.length === 0) return [];
  const columns = [{title: 'slice'}, right('rows'), right('AUC'), right('change'), right('log loss'), right('change')];
  const rows = slices.map(({feature, value, before, after, change}) => [
    `${feature} ${value}`,
    count(after.rows),
    `${metric(before.auc)} → ${metric(after.auc)}`,
    interval(change.auc),
    `${metric(before.logLoss, 4)} → ${metric(after.logLoss, 4)}`,
    interval(change.logLoss),
  ]);
  return ['', ...table(columns, rows, dim)];
}

function latencyRows(before: CompressionReport['before']['latency'], after: typeof before): Row[] {
  return [
    ['one row, p50', `${before.rowUs.toFixed(1)} µs`, `${after.rowUs.toFixed(1)} µs`, times(before.rowUs, after.rowUs)],
    [
      `${count(before.batchRows)} rows, p50`,
      `${before.batchMs.toFixed(2)} ms`,
      `${after.batchMs.toFixed(2)} ms`,
      times(before.batchMs, after.batchMs),
    ],
  ];
}

/** The same for an ONNX file, whose labels nobody knows. */
export function onnxCompressionLines(report: OnnxCompressionReport, {dim}: Style): string[] {
  const {before, after, difference, inputs, ranks} = report;
  const asked =
    inputs.kind === 'given'
      ? `${count(inputs.rows)} given rows`
      : `${count(inputs.rows)} random rows (standard normal, seed ${inputs.seed})`;
  const rows: Row[] = [
    ['size', kilobytes(before.bytes), kilobytes(after.bytes), times(before.bytes, after.bytes)],
    ...latencyRows(before.latency, after.latency),
  ];
  const layers = ranks.map(({name, inputs: from, outputs: to, rank, energy}) =>
    rank === null
      ? `  ${name}: ${from} × ${to}, as it was`
      : `  ${name}: ${from} × ${to}, rank ${rank}, ${percent(energy)} of the energy`,
  );
  return [
    ...table(
      [{title: `${report.changed} of ${report.layers} dense layers`}, right('before'), right('after'), right('change')],
      rows,
      dim,
    ),
    ...(layers.length === 0 ? [] : ['', ...layers]),
    '',
    `  On ${asked} the first output differs by ${difference.mean.toExponential(1)} on average, ${difference.p99.toExponential(1)} at p99, ${difference.max.toExponential(1)} at most; its standard deviation is ${difference.deviation.toExponential(1)}.`,
  ];
}
