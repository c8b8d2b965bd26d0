/** Do the same scores still lead to the same outcomes? What labels tell of a window, and by what name. */

import {chiSquareSurvival, chiSquareTest, psi, quantileEdges} from '../../math/index.ts';
import {fitScoreCurve, logOdds, type ScoreCurve} from './score-curve.ts';

export type ScoredLabels = {
  /** Probabilities. */
  readonly scores: Float64Array;
  /** 0 or 1. */
  readonly labels: Float64Array;
};

export type OutcomeChange = {
  /** `label`: rows of each class score as before, only their mix changed; `concept`: neither holds. */
  readonly verdict: 'none' | 'label' | 'concept' | 'insufficient data';
  readonly rows: number;
  /** Of P(y | score), against the reference's. */
  readonly pValue: number;
  /** Root mean square change of P(y | score), de-biased, in standard deviations of the outcome. */
  readonly effect: number;
  /** Of P(score | y), against the reference's; whether the scores of the window look more like those of its mix of classes. */
  readonly withinClasses: {readonly pValue: number; readonly effect: number; readonly likeMix: boolean};
  readonly baseRate: {readonly reference: number; readonly expected: number; readonly current: number};
};

export type OutcomeSettings = {
  readonly alpha: number;
  /** Smallest `effect` that counts: 0.1 is 4 percentage points where a fifth of the labels are 1. */
  readonly effect: number;
};

export const OUTCOME_DEFAULTS: OutcomeSettings = {alpha: 0.001, effect: 0.1};

/** De-biased PSI of the scores of a class from which on they are other scores. */
const CLASS_EFFECT = 0.02;
const BINS = 10;
/** Rows to find a change of 1.6 times the floor four times of five, in squared floors: λ of a chi-square with 2 degrees. */
const POWER = 18.5 / 2.5;
const FEWEST_OF_A_CLASS = 30;

/**
 * Labelled rows of a window against those of the reference, for one version. Two gates: a score test of the intercept
 * and slope of P(y | score) (Rao, 1948; Cox's recalibration, 1958), and the size of the change. If P(y | score) moved
 * while P(score | y) did not, only the mix of the classes changed; then the scores must have followed the mix, too. A
 * shift of inputs alone is `none`. The reference must not change afterwards: its curve is remembered.
 */
export function outcomeChange(
  reference: ScoredLabels,
  current: ScoredLabels,
  {alpha, effect: floor}: OutcomeSettings = OUTCOME_DEFAULTS,
): OutcomeChange {
  const rows = current.labels.length;
  const before = reference.labels.length;
  const moved = curveChange(curveOf(reference), current, before);
  const withinClasses = classChange(reference, current);
  const rateOf = ({labels}: ScoredLabels): number => labels.reduce((sum, y) => sum + y, 0) / labels.length;
  const baseRate = {reference: rateOf(reference), expected: moved.expected, current: rateOf(current)};
  const fewest = Math.min(...[reference, current].map(side => rarer(side.labels)));
  const harmonic = (rows * before) / (rows + before || 1);
  const enough = fewest >= FEWEST_OF_A_CLASS && harmonic * floor ** 2 >= POWER;
  const verdict = (): OutcomeChange['verdict'] => {
    if (!enough) return 'insufficient data';
    if (moved.pValue > alpha || moved.effect < floor) return 'none';
    const moves = withinClasses.pValue <= alpha && withinClasses.effect >= CLASS_EFFECT;
    return moves || !withinClasses.likeMix ? 'concept' : 'label';
  };
  return {verdict: verdict(), rows, pValue: moved.pValue, effect: moved.effect, withinClasses, baseRate};
}

/** A reference is asked about in every window. */
const curves = new WeakMap<ScoredLabels, ScoreCurve>();

function curveOf(reference: ScoredLabels): ScoreCurve {
  const curve = curves.get(reference) ?? fitScoreCurve(reference.scores, reference.labels);
  curves.set(reference, curve);
  return curve;
}

/** Score test of P(y | z) = σ(curve + a + b z), and the size of the one-step estimate of a and b. */
function curveChange(
  curve: ScoreCurve,
  {scores, labels}: ScoredLabels,
  before: number,
): {pValue: number; effect: number; expected: number} {
  const rows = scores.length;
  let [u0, u1, i0, i1, i2, sum] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const z = logOdds(scores[row]!);
    const p = curve(z);
    const weight = p * (1 - p);
    sum += p;
    u0 += labels[row]! - p;
    u1 += (labels[row]! - p) * z;
    i0 += weight;
    i1 += weight * z;
    i2 += weight * z * z;
  }
  const spread = i2 - (i1 * i1) / i0; // what slope says beyond the intercept
  const slope = spread > 1e-9 * i2 ? u1 - (i1 / i0) * u0 : 0;
  // The reference's curve is uncertain, too: as if its rows had been spread like these.
  const inflation = 1 + rows / before;
  const squares = [(u0 * u0) / i0, slope === 0 ? 0 : (slope * slope) / spread];
  const statistic = (squares[0]! + squares[1]!) / inflation;
  if (!(statistic >= 0)) return {pValue: 1, effect: 0, expected: rows === 0 ? Number.NaN : sum / rows};
  // Mean of (Δp)² is that of p²(1 − p)² (a + b z)², about the mean weight times what the statistic measures.
  const outcome = (sum / rows) * (1 - sum / rows);
  const share = Math.max(0, statistic - 2) * (inflation / rows) * (i0 / rows / outcome);
  return {pValue: chiSquareSurvival(statistic, 2), effect: Math.sqrt(share), expected: sum / rows};
}

/** Scores of each class over deciles of the reference, and of both together. */
function classChange(reference: ScoredLabels, current: ScoredLabels): OutcomeChange['withinClasses'] {
  const edges = quantileEdges(reference.scores, BINS);
  const countsOf = ({scores, labels}: ScoredLabels) =>
    [0, 1].map(y =>
      countsBetween(
        edges,
        scores.filter((_, row) => labels[row] === y),
      ),
    );
  const [was, is] = [countsOf(reference), countsOf(current)];
  const tests = was.map((counts, y) => chiSquareTest(counts, is[y]!));
  const degrees = tests.reduce((sum, test) => sum + test.degreesOfFreedom, 0);
  const statistic = tests.reduce((sum, test) => sum + test.statistic, 0);
  const effects = was.map((counts, y) => psi(counts, is[y]!).debiased).filter(Number.isFinite);
  return {
    pValue: degrees === 0 ? 1 : chiSquareSurvival(statistic, degrees),
    effect: Math.max(0, ...effects),
    likeMix: likeMix(was, is),
  };
}

/** Pearson's distance of the window's scores to the reference's classes in the window's mix, and to the reference as it is. */
function likeMix(was: readonly number[][], is: readonly number[][]): boolean {
  const totals = (sides: readonly number[][]): number[] => sides.map(counts => counts.reduce((sum, n) => sum + n, 0));
  const [before, now] = [totals(was), totals(is)];
  const rows = now[0]! + now[1]!;
  const distance = (expected: (bin: number) => number): number =>
    was[0]!.reduce((sum, _, bin) => {
      const share = expected(bin);
      return share === 0 ? sum : sum + ((is[0]![bin]! + is[1]![bin]!) / rows - share) ** 2 / share;
    }, 0);
  const unchanged = distance(bin => (was[0]![bin]! + was[1]![bin]!) / (before[0]! + before[1]!));
  const mixed = distance(bin => [0, 1].reduce((sum, y) => sum + (was[y]![bin]! / before[y]!) * (now[y]! / rows), 0));
  return mixed < unchanged;
}

function countsBetween(edges: ArrayLike<number>, values: Float64Array): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]!) bin++;
    counts[bin]!++;
  }
  return counts;
}

function rarer(labels: Float64Array): number {
  const positives = labels.reduce((sum, y) => sum + y, 0);
  return Math.min(positives, labels.length - positives);
}
