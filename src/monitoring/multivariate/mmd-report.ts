import {normalQuantile, type Random} from '../../math/index.ts';
import type {DriftVerdict, MultivariateReport} from '../../protocol/index.ts';
import {type KernelMatrix, kernelMatrix} from './kernel-matrix.ts';
import {type MmdTest, mmdTest} from './mmd.ts';
import type {MultivariatePolicy} from './multivariate-policy.ts';
import {pointSet} from './point-set.ts';
import type {SharedColumns} from './shared-columns.ts';

const FEWEST_ROWS = 10;
/** Squared size of a shift that must be found, in units of that at the gate; and how surely. */
const MATTERS = 2.5;
const POWER = 0.8;

/**
 * Whether the kernel means of window and reference differ: beyond chance, by permutation, and by at least what a shift
 * of one feature does whose AUC is at the gate. It names no features.
 */
export async function mmdReport(
  columns: SharedColumns,
  policy: MultivariatePolicy,
  random: Random,
): Promise<MultivariateReport> {
  const points = pointSet(columns);
  const rows = points.rows - points.reference;
  const report = {method: 'mmd', rows, features: []} as const;
  if (Math.min(rows, points.reference) < FEWEST_ROWS)
    return {...report, value: 0, threshold: 0, pValue: null, verdict: 'insufficient data'};
  const kernel = await kernelMatrix(points);
  const test = await mmdTest(kernel, points.reference, random);
  const threshold = mmdOfShift(kernel, points.reference, columns.names.length, policy.auc);
  const verdict = verdictOf(test, threshold, policy.alpha);
  return {...report, value: test.value, threshold, pValue: test.pValue, verdict};
}

function verdictOf({value, pValue, deviation}: MmdTest, threshold: number, alpha: number): DriftVerdict {
  const beyondChance = -normalQuantile(alpha) * deviation;
  const surely = normalQuantile(POWER) * deviation;
  if (Math.max(threshold, beyondChance) + surely > MATTERS * threshold) return 'insufficient data';
  return pValue <= alpha && value >= threshold ? 'drift' : 'stable';
}

/**
 * MMD² of a shift of one feature by δ deviations, averaged over the features, where δ is that of two normals told apart
 * with AUC `auc`: δ² E[∂k / ∂x ∂x'] over pairs of the reference, to second order in δ.
 */
function mmdOfShift({below, width}: KernelMatrix, reference: number, features: number, auc: number): number {
  const pairs = (reference * (reference - 1)) / 2; // the reference stands first
  let sum = 0;
  for (let at = 0; at < pairs; at++) {
    const k = below[at]!;
    const scaled = k > 0 ? -Math.log(k) : 0; // d² / width
    sum += k * (1 - (2 * scaled) / features);
  }
  return 2 * normalQuantile(auc) ** 2 * Math.max(0, ((2 / width) * sum) / pairs);
}
