import {accuracy, aucInterval, meanInterval, type Random, summarize, wilsonInterval} from '../../math/index.ts';
import type {ColumnData, PerformanceEstimate} from '../../protocol/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {estimateWithoutLabels} from './estimated.ts';
import type {Figure, ReportedPerformance} from './table-report.ts';
import {listed, shown} from './words.ts';

/** Row by row: what was predicted and what happened; null and NaN are not known. */
export type Answers = {readonly predictions: ColumnData; readonly targets: ColumnData};

export type PerformanceInput = {
  readonly prediction: string;
  readonly target: string;
  /** null: that side has no such column. */
  readonly reference: Answers | null;
  readonly current: Answers | null;
  /** The text of the target that a probability is of; needed where it is not plain. */
  readonly positive?: string | undefined;
  /** For an estimate where current probabilities have no target yet; without it there is none. */
  readonly random?: Random;
};

type Metric = {readonly metric: string; readonly better: 'higher' | 'lower' | null; readonly figure: Figure};

/**
 * Measured quality of both sides, each over the rows that have a prediction and a target. Numbers from 0 to 1 for a target
 * of two values are probabilities; a text for a text is a class; a number for a number is a regression. A metric is `worse`
 * if both 95 % intervals are apart. Throws USAGE if the target does not say which of its texts is positive.
 */
export function reportedPerformance(input: PerformanceInput): ReportedPerformance {
  const sides = [input.reference, input.current].map(side => side && known(side));
  const kind = kindOf(sides.filter(side => side !== null));
  const positive = kind === 'probability' ? positiveOf(sides, input) : '';
  const [reference, current] = sides.map(side =>
    side && side.count > 0 ? METRICS[kind](side, positive).filter(isMeasured) : null,
  );
  const names = (reference ?? current ?? []).map(({metric, better}) => ({metric, better}));
  return {
    kind,
    prediction: input.prediction,
    target: input.target,
    referenceRows: sides[0]?.count ?? null,
    currentRows: sides[1]?.count ?? null,
    metrics: names.map(({metric, better}) => {
      const [a, b] = [reference, current].map(side => side?.find(found => found.metric === metric)?.figure ?? null);
      return {metric, better, reference: a ?? null, current: b ?? null, worse: isWorse(better, a ?? null, b ?? null)};
    }),
    estimate: kind === 'probability' ? estimateOf(sides, input, positive) : null,
  };
}

/** One class only has no AUC. */
const isMeasured = ({figure}: Metric): boolean => !Number.isNaN(figure.value);

type Known = {readonly count: number; readonly predictions: ColumnData; readonly targets: ColumnData};

const isKnown = (value: string | number | null | undefined): boolean =>
  value !== null && value !== undefined && !Number.isNaN(value);

function known({predictions, targets}: Answers): Known {
  const places: number[] = [];
  for (let i = 0; i < predictions.length; i++) if (isKnown(predictions[i]) && isKnown(targets[i])) places.push(i);
  const chosen = (column: ColumnData): ColumnData =>
    column instanceof Float64Array ? Float64Array.from(places, i => column[i]!) : places.map(i => column[i]!);
  return {count: places.length, predictions: chosen(predictions), targets: chosen(targets)};
}

function kindOf(sides: readonly Known[]): ReportedPerformance['kind'] {
  const all = (of: (side: Known) => ColumnData, holds: (value: string | number | null) => boolean): boolean =>
    sides.every(side => of(side).every(holds as never));
  const predictions = ({predictions: column}: Known) => column;
  const targets = ({targets: column}: Known) => column;
  const share = (value: string | number | null) => typeof value === 'number' && value >= 0 && value <= 1;
  if (all(predictions, share) && all(targets, value => typeof value !== 'number' || value === 0 || value === 1))
    return 'probability';
  const numbers = (value: string | number | null) => typeof value === 'number';
  return all(predictions, numbers) && all(targets, numbers) ? 'regression' : 'class';
}

/** Of all current rows, where some have no target yet. */
function estimateOf(
  sides: readonly (Known | null)[],
  input: PerformanceInput,
  positive: string,
): PerformanceEstimate | null {
  const [reference, known] = sides;
  const {current, random} = input;
  if (!reference || !current || !random || !(current.predictions instanceof Float64Array)) return null;
  const scores = current.predictions.filter(score => !Number.isNaN(score));
  if (scores.length <= (known?.count ?? 0)) return null;
  const labelled = {scores: reference.predictions as Float64Array, labels: labelsOf(reference.targets, positive)};
  return estimateWithoutLabels(labelled, scores, random);
}

const labelsOf = (targets: ColumnData, positive: string): Float64Array =>
  targets instanceof Float64Array ? targets : Float64Array.from(targets, value => (value === positive ? 1 : 0));

const PLAIN = new Set(['true', '1', 'yes', 'positive']);

function positiveOf(sides: readonly (Known | null)[], {target, positive}: PerformanceInput): string {
  const texts = new Set(sides.flatMap(side => (side && !(side.targets instanceof Float64Array) ? side.targets : [])));
  const values = [...texts].map(String);
  if (values.length === 0) return '';
  const chosen = positive ?? values.find(value => PLAIN.has(value.toLowerCase()));
  if (chosen !== undefined && values.length <= 2) return chosen;
  throw new MillraceError(
    'USAGE',
    `'${target}' holds ${listed(values.map(shown))}: it is not plain which of two is meant by a probability.`,
    {fix: values.length > 2 ? 'Name a column of classes as the prediction.' : `Say it: --positive ${values[0]}.`},
  );
}

const METRICS: Readonly<Record<ReportedPerformance['kind'], (side: Known, positive: string) => Metric[]>> = {
  probability: ({predictions, targets}, positive) => {
    const scores = predictions as Float64Array;
    const labels = labelsOf(targets, positive);
    const positives = labels.reduce((sum: number, label: number) => sum + label, 0);
    const auc = aucInterval(scores, labels);
    const hits = Math.round(accuracy(scores, labels) * scores.length);
    const losses = scores.map((score, i) => -Math.log(Math.max(1e-15, labels[i] === 1 ? score : 1 - score)));
    const squares = scores.map((score, i) => (score - labels[i]!) ** 2);
    return [
      metric('AUC', 'higher', {estimate: auc.auc, low: auc.low, high: auc.high}),
      metric('log loss', 'lower', meanOf(losses)),
      metric('Brier score', 'lower', meanOf(squares)),
      metric('accuracy', 'higher', wilsonInterval(hits, scores.length)),
      metric('base rate', null, wilsonInterval(positives, scores.length)),
      metric('mean prediction', null, meanOf(scores)),
    ];
  },
  class: ({predictions, targets, count}) => {
    const hits = predictions.filter((value: unknown, i: number) => String(value) === String(targets[i])).length;
    return [metric('accuracy', 'higher', wilsonInterval(hits, count))];
  },
  regression: ({predictions, targets}) => {
    const errors = (predictions as Float64Array).map((value, i) => value - (targets as Float64Array)[i]!);
    const squares = meanOf(errors.map(error => error * error));
    const root = (value: number): number => Math.sqrt(Math.max(0, value));
    return [
      metric('MAE', 'lower', meanOf(errors.map(Math.abs))),
      metric('RMSE', 'lower', {estimate: root(squares.estimate), low: root(squares.low), high: root(squares.high)}),
      metric('mean error', null, meanOf(errors)),
      metric('mean target', null, meanOf(targets as Float64Array)),
    ];
  },
};

type Interval = {readonly estimate: number; readonly low: number; readonly high: number};

function meanOf(values: Float64Array): Interval {
  const summary = summarize(values);
  return summary.count < 2 ? {estimate: summary.mean, low: Number.NaN, high: Number.NaN} : meanInterval(summary);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What is to be low is a loss: never below 0, whatever few rows let an interval say. */
const metric = (name: string, better: Metric['better'], {estimate, low, high}: Interval): Metric => ({
  metric: name,
  better,
  figure: {value: estimate, low: finite(better === 'lower' ? Math.max(0, low) : low), high: finite(high)},
});

function isWorse(better: Metric['better'], before: Figure | null, now: Figure | null): boolean {
  if (!before || !now || better === null) return false;
  const [a, b] = better === 'higher' ? [now.high, before.low] : [before.high, now.low];
  return a !== null && b !== null && a < b;
}
