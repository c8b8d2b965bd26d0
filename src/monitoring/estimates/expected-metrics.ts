/** All metrics of a binary classifier, each row's label 1 counted by its probability. */

import type {ValuePolicy} from './estimate-policy.ts';
import {type EstimatedRows, estimatedRows, type Linearised} from './estimated-rows.ts';
import {expectedPrAuc, expectedRocAuc} from './rank-metrics.ts';
import {expectedRatio, RATIO_METRICS, valueMetric} from './ratio-metrics.ts';

export type ExpectedMetric = Linearised & {
  readonly name: string;
  /** Bounds of what it can be. */
  readonly least: number;
  readonly most: number;
  /** By how much labels of these rows are expected to exceed `value`. */
  readonly excess?: number;
};

type Definition = Pick<ExpectedMetric, 'name' | 'least' | 'most'> & {
  readonly of: (rows: EstimatedRows) => Linearised & Pick<ExpectedMetric, 'excess'>;
};

const DEFINITIONS: readonly Definition[] = [
  {name: 'auc', least: 0, most: 1, of: expectedRocAuc},
  {name: 'prAuc', least: 0, most: 1, of: expectedPrAuc},
  ...Object.entries(RATIO_METRICS).map(([name, metric]) => ({
    name,
    least: 0,
    most: name === 'logLoss' ? Infinity : 1,
    of: (rows: EstimatedRows) => expectedRatio(metric, rows),
  })),
];

const definitions = (value: ValuePolicy | null): readonly Definition[] =>
  value === null
    ? DEFINITIONS
    : [
        ...DEFINITIONS,
        {
          name: 'value',
          least: -Infinity,
          most: Infinity,
          of: rows => expectedRatio(valueMetric(value), rows),
        },
      ];

/** auc, prAuc, accuracy, precision, recall, specificity, f1, logLoss, brier, baseRate, and value where it is given. */
export function expectedMetrics(rows: EstimatedRows, value: ValuePolicy | null): ExpectedMetric[] {
  return definitions(value).map(({of, ...metric}) => ({...metric, ...of(rows)}));
}

/** One of them; NaN if the rows do not have it or there is none of that name. */
export function expectedMetric(name: string, rows: EstimatedRows, value: ValuePolicy | null): number {
  return (
    definitions(value)
      .find(metric => metric.name === name)
      ?.of(rows).value ?? Number.NaN
  );
}

/** The same metrics of rows whose labels have come, those that the rows have: to be put beside what was estimated. */
export function measuredMetrics(
  scores: Float64Array,
  labels: Float64Array,
  {decideAt, value = null}: {readonly decideAt: number; readonly value?: ValuePolicy | null},
): {readonly [metric: string]: number} {
  const rows = estimatedRows(scores, labels, decisions(scores, decideAt));
  const metrics = expectedMetrics(rows, value).filter(metric => Number.isFinite(metric.value));
  return Object.fromEntries(metrics.map(metric => [metric.name, metric.value]));
}

/** 1 where label 1 is decided. */
export const decisions = (scores: Float64Array, decideAt: number): Uint8Array =>
  Uint8Array.from(scores, score => (score >= decideAt ? 1 : 0));
