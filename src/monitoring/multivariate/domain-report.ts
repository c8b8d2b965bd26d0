import {type Random, rocAuc} from '../../math/index.ts';
import type {DriftVerdict, MultivariateReport} from '../../protocol/index.ts';
import {domainFolds} from './domain-folds.ts';
import {aucChance, neededRows, nullDeviation, type Sides} from './domain-power.ts';
import type {MultivariatePolicy} from './multivariate-policy.ts';
import type {SharedColumns} from './shared-columns.ts';
import {tellingFeatures} from './telling-features.ts';

/** So far beyond chance, and beyond the gate by so many deviations, few rows are enough. */
const SEVERE_ALPHA = 1e-6;
const SEVERE_DEVIATIONS = 3;
const SEVERE_ROWS = 30;

/**
 * Whether a classifier tells the window's rows from those of the reference: the mean AUC on rows that it has not seen.
 * `drift` needs an AUC beyond chance and one of at least `policy.auc`; windows with too few rows to find what matters
 * say `insufficient data`. Rows that come in groups, such as several of a customer, can be told by their group: name
 * what tells groups or time in `except`.
 */
export async function domainClassifierReport(
  columns: SharedColumns,
  policy: MultivariatePolicy,
  random: Random,
): Promise<MultivariateReport> {
  const sides = {reference: columns.reference[0]?.length ?? 0, current: columns.current[0]?.length ?? 0};
  const report = {method: 'domain-classifier', threshold: policy.auc, rows: sides.current} as const;
  const folds = await domainFolds(columns, random);
  if (folds.length === 0) return {...report, value: 0.5, pValue: null, verdict: 'insufficient data', features: []};
  const aucs = folds.map(({predictor, matrix, labels}) => rocAuc(predictor.predictBatch(matrix), labels));
  const value = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
  const pValue = aucChance(value, sides);
  const verdict = verdictOf(value, pValue, sides, columns.names.length, policy);
  const features = verdict === 'drift' ? await tellingFeatures(folds, columns.names, random) : [];
  return {...report, value, pValue, verdict, features};
}

function verdictOf(
  auc: number,
  chance: number,
  sides: Sides,
  features: number,
  policy: MultivariatePolicy,
): DriftVerdict {
  const farBeyond = auc >= policy.auc + SEVERE_DEVIATIONS * nullDeviation(sides);
  if (farBeyond && chance <= SEVERE_ALPHA && sides.current >= SEVERE_ROWS) return 'drift';
  const needed = neededRows(policy.auc, policy.alpha, features, sides.reference);
  if (needed === null || sides.current < needed) return 'insufficient data';
  return chance <= policy.alpha && auc >= policy.auc ? 'drift' : 'stable';
}
