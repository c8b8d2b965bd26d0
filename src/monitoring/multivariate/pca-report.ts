import {normalQuantile, type Random, standardDeviation, summarize, welchTest} from '../../math/index.ts';
import type {MultivariateReport} from '../../protocol/index.ts';
import type {MultivariatePolicy} from './multivariate-policy.ts';
import {type Reconstruction, reconstructions} from './reconstruction.ts';
import type {SharedColumns} from './shared-columns.ts';

const FEWEST_ROWS = 30;
/** Squared size of a shift that must be found, in units of that at the gate; and how surely. */
const MATTERS = 2.5;
const POWER = 0.8;
const MOST_NAMED = 5;

/**
 * Whether features still hang together as they did: the mean reconstruction error of the window over that of unseen
 * rows of the reference. Both a larger and a smaller one is drift, if beyond chance (Welch) and at least so many
 * deviations away as tell two normals apart with AUC `policy.auc`. Blind for shifts along the components.
 */
export async function pcaReport(
  columns: SharedColumns,
  policy: MultivariatePolicy,
  random: Random,
): Promise<MultivariateReport> {
  const rows = columns.current[0]?.length ?? 0;
  const report = {method: 'pca', rows} as const;
  const unknown = {
    ...report,
    value: 1,
    threshold: 1,
    pValue: null,
    verdict: 'insufficient data',
    features: [],
  } as const;
  if (columns.names.length < 2 || Math.min(rows, (columns.reference[0]?.length ?? 0) / 2) < FEWEST_ROWS) return unknown;
  const {reference, current} = await reconstructions(columns, random);
  const [before, now] = [summarize(reference.errors), summarize(current.errors)];
  // Nothing is left where columns are constant or copies of each other.
  if (!(before.mean > 1e-9)) return unknown;
  const deviation = standardDeviation(before);
  const size = Math.SQRT2 * normalQuantile(policy.auc);
  const {pValue, standardError} = welchTest(before, now);
  const value = now.mean / before.mean;
  const threshold = 1 + (size * deviation) / before.mean;
  const beyondChance = -normalQuantile(policy.alpha / 2) * standardError;
  const needed = Math.max(size * deviation, beyondChance) + normalQuantile(POWER) * standardError;
  const drifts = pValue <= policy.alpha && Math.abs(value - 1) >= threshold - 1;
  const enough = needed <= Math.sqrt(MATTERS) * size * deviation;
  const verdict = drifts ? 'drift' : enough ? 'stable' : 'insufficient data';
  const features = drifts ? blamed(columns.names, reference, current) : [];
  return {...report, value, threshold, pValue, verdict, features};
}

/** The features whose own error moved most, by share of what these moved. */
function blamed(
  names: readonly string[],
  reference: Reconstruction,
  current: Reconstruction,
): {feature: string; share: number}[] {
  const moved = names
    .map((feature, f) => ({feature, by: Math.abs(current.squares[f]! - reference.squares[f]!)}))
    .sort((a, b) => b.by - a.by)
    .slice(0, MOST_NAMED);
  const total = moved.reduce((sum, {by}) => sum + by, 0);
  return moved.map(({feature, by}) => ({feature, share: by / total}));
}
