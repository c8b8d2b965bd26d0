import type {EvaluationReport, ModelVersion, SliceReport} from '../protocol/index.ts';
import {count, day, metric, percent} from './terminal/figures.ts';
import {table} from './terminal/table.ts';
import type {Terminal} from './terminal/terminal.ts';

type Style = Terminal['style'];

/** Models, incumbent and baselines with their metrics on the test split; the one that was chosen is marked. */
export function candidateTable({candidates, chosen}: EvaluationReport, {dim, bold}: Style): string[] {
  const figure = (title: string) => ({title, align: 'right' as const});
  return table(
    [
      {title: 'candidate'},
      figure('AUC'),
      figure('95 %'),
      figure('log loss'),
      figure('PR-AUC'),
      figure('Brier'),
      figure('calibration error'),
      figure('mean'),
      figure('rate'),
    ],
    candidates.map(({name, kind, metrics: m}) => [
      name === chosen ? bold(`${name} ←`) : kind === 'model' ? name : dim(name),
      metric(m.auc),
      m.aucLow === null ? '–' : `${metric(m.aucLow)}–${metric(m.aucHigh)}`,
      metric(m.logLoss, 4),
      metric(m.prAuc),
      metric(m.brier, 4),
      metric(m.ece, 4),
      percent(m.meanPrediction),
      percent(m.baseRate),
    ]),
    dim,
  );
}

/** One line for each gate, with its figures. */
export function gateLines({gates}: EvaluationReport, {green, red}: Style): string[] {
  return gates.map(({passed, message}) => `  ${passed ? green('✓') : red('✗')} ${message}`);
}

/** The chosen model on each slice. */
export function sliceTable({candidates, chosen}: EvaluationReport, {dim}: Style): string[] {
  const slices: readonly SliceReport[] = candidates.find(c => c.name === chosen)?.slices ?? [];
  if (slices.length === 0) return [];
  return table(
    [
      {title: 'slice'},
      {title: 'rows', align: 'right'},
      {title: 'AUC', align: 'right'},
      {title: 'log loss', align: 'right'},
      {title: 'mean', align: 'right'},
      {title: 'rate', align: 'right'},
    ],
    slices.map(({feature, value, metrics: m}) => [
      `${feature} ${value}`,
      count(m.rows),
      metric(m.auc),
      metric(m.logLoss, 4),
      percent(m.meanPrediction),
      percent(m.baseRate),
    ]),
    dim,
  );
}

/** `lateness, version 3 (champion): gradientBoostedTrees on 262,093 rows from 2001-01-01, as known on 2001-01-17`. */
export const versionTitle = ({model, version, status, algorithm, dataset}: ModelVersion): string =>
  `${model}, version ${version} (${status}): ${algorithm} on ${count(dataset.rows)} rows from ${day(dataset.from)}, as known on ${day(dataset.asOf)}`;

/** What the trial of a version showed. */
export function trialLines(version: ModelVersion, style: Style): string[] {
  const {evaluation} = version;
  const slices = sliceTable(evaluation, style);
  return [
    style.bold(versionTitle(version)),
    '',
    ...candidateTable(evaluation, style),
    '',
    ...gateLines(evaluation, style),
    ...(slices.length === 0 ? [] : ['', ...slices]),
  ];
}
