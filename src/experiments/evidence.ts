/**
 * What is known about two versions that scored the same requests: an algebra of `empty`, `update`, `read`
 * whose state is plain JSON of a fixed size (about 10 kB), however many rows went in.
 */
import {confidenceSequence, emptySummary, type Summary, updateSummary} from '../math/index.ts';

/** Scores are counted in bins of this many per version and class; the AUC read from them is off by less than a bin's share of ties. */
const BINS = 512;

export type Evidence = {
  /** Row-wise loss of the challenger minus that of the champion. */
  readonly difference: Summary;
  readonly challenger: VersionEvidence;
  readonly champion: VersionEvidence;
};

export type VersionEvidence = {
  readonly loss: Summary;
  /** Scores of the rows with label 0 and 1, counted in equal bins over [0, 1]. */
  readonly scores: readonly [negative: number[], positive: number[]];
};

export function emptyEvidence(): Evidence {
  const version = () => ({
    loss: emptySummary(),
    scores: [Array(BINS).fill(0), Array(BINS).fill(0)] as [number[], number[]],
  });
  return {difference: emptySummary(), challenger: version(), champion: version()};
}

/** A copy that can be updated without changing the one it was made from. */
export function copyEvidence({difference, challenger, champion}: Evidence): Evidence {
  const version = ({loss, scores}: VersionEvidence) => ({
    loss: {...loss},
    scores: [[...scores[0]], [...scores[1]]] as [number[], number[]],
  });
  return {difference: {...difference}, challenger: version(challenger), champion: version(champion)};
}

/** Adds one request that both scored, in place. `label` is 0 or 1. */
export function updateEvidence(
  {difference, challenger, champion}: Evidence,
  loss: RowLoss,
  challengerScore: number,
  championScore: number,
  label: number,
): void {
  const ours = loss(challengerScore, label);
  const theirs = loss(championScore, label);
  updateSummary(difference, ours - theirs);
  updateSummary(challenger.loss, ours);
  updateSummary(champion.loss, theirs);
  const side = label === 1 ? 1 : 0;
  challenger.scores[side][binOf(challengerScore)]!++;
  champion.scores[side][binOf(championScore)]!++;
}

/** Challenger's mean loss minus the champion's, with limits that hold at every look at once. */
export type Limits = {readonly rows: number; readonly estimate: number; readonly low: number; readonly high: number};

/**
 * Limits from the requests that both scored. A paired comparison is that of the differences with a constant
 * 0; the sequence counts rows of both sides, hence twice `tunedFor`.
 */
export function pairedLimits({difference}: Evidence, alpha: number, tunedFor: number): Limits {
  const nothing = {count: difference.count, mean: 0, m2: 0};
  const {difference: estimate, low, high} = confidenceSequence(nothing, difference, {alpha, tunedFor: 2 * tunedFor});
  return {rows: difference.count, estimate, low, high};
}

/** Area under the ROC curve from the binned scores, scores of one bin counting as tied; null with one class only. */
export function binnedAuc({scores: [negatives, positives]}: VersionEvidence): number | null {
  let below = 0;
  let ranked = 0;
  let total = 0;
  for (let bin = 0; bin < BINS; bin++) {
    ranked += positives[bin]! * (below + negatives[bin]! / 2);
    below += negatives[bin]!;
    total += positives[bin]!;
  }
  return below === 0 || total === 0 ? null : ranked / (below * total);
}

const binOf = (score: number): number => Math.min(BINS - 1, Math.max(0, Math.floor(score * BINS)));

/** Loss of one probability against a label of 0 or 1; down is good. */
export type RowLoss = (score: number, label: number) => number;

/** Clipped as in `logLoss` of the metrics, whose mean over rows this is. */
const logLoss: RowLoss = (score, label) => {
  const p = Math.min(Math.max(score, 1e-15), 1 - 1e-15);
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
};

const squaredError: RowLoss = (score, label) => (score - label) ** 2;

export function rowLoss(metric: 'logLoss' | 'brier'): RowLoss {
  return metric === 'logLoss' ? logLoss : squaredError;
}
