/** How like a window each row of the reference is, and whether that can be said at all. */

export type DensityRatio = {
  /** Of each row of the reference: how much more often such a row is in the window. Mean 1. */
  readonly weights: Float64Array;
  /** Equally weighted rows that would be as good (Kish). */
  readonly effectiveRows: number;
  /** Share of the window's rows that are unlike anything in the reference. */
  readonly unlike: number;
};

/** A row this many times as likely in the window as in the reference is as good as never in the reference. */
const NEVER = 20;

/**
 * From the probability of each row to be of the window rather than of the reference, held out (of a classifier
 * that was trained on both): w = p / (1 − p) · rows of the reference / rows of the window (Bickel et al., 2009).
 */
export function densityRatio(domain: {readonly reference: Float64Array; readonly current: Float64Array}): DensityRatio {
  const scale = domain.reference.length / domain.current.length;
  const ratio = (p: number): number => (p / Math.max(1 - p, 1e-9)) * scale;
  const weights = domain.reference.map(ratio);
  let sum = 0;
  let squares = 0;
  for (const w of weights) {
    sum += w;
    squares += w * w;
  }
  const rows = weights.length;
  return {
    weights: weights.map(w => (w * rows) / sum),
    effectiveRows: squares === 0 ? 0 : (sum * sum) / squares,
    unlike: domain.current.filter(p => ratio(p) > NEVER).length / Math.max(1, domain.current.length),
  };
}
