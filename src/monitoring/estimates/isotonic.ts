/** The best non-decreasing function of a score, as plain JSON. */

import {ascendingOrder} from '../../math/index.ts';

/** Linear between its knots, constant beyond the outer ones. Both ascending, of the same length. */
export type Isotonic = {readonly scores: readonly number[]; readonly values: readonly number[]};

/**
 * Least squares under a monotone constraint by pooling adjacent violators (Ayer et al., 1955), rows of equal
 * scores first averaged; the ends of each pool are the knots, as in scikit-learn's IsotonicRegression. Rows of
 * weight 0 are left out; without any row the result has no knots.
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null = null,
): Isotonic {
  const rows = scores.length;
  const first = new Float64Array(rows);
  const last = new Float64Array(rows);
  const value = new Float64Array(rows);
  const weight = new Float64Array(rows);
  let pools = 0;
  const order = ascendingOrder(scores);
  for (let start = 0; start < rows; ) {
    const score = scores[order[start]!]!;
    let sum = 0;
    let total = 0;
    for (; start < rows && scores[order[start]!] === score; start++) {
      const row = order[start]!;
      const w = weights === null ? 1 : weights[row]!;
      sum += w * labels[row]!;
      total += w;
    }
    if (total === 0) continue;
    first[pools] = score;
    last[pools] = score;
    value[pools] = sum / total;
    weight[pools] = total;
    pools++;
    while (pools > 1 && value[pools - 2]! >= value[pools - 1]!) {
      const [a, b] = [pools - 2, pools - 1];
      const both = weight[a]! + weight[b]!;
      value[a] = (value[a]! * weight[a]! + value[b]! * weight[b]!) / both;
      weight[a] = both;
      last[a] = last[b]!;
      pools--;
    }
  }
  const knots: {scores: number[]; values: number[]} = {scores: [], values: []};
  for (let pool = 0; pool < pools; pool++) {
    for (const score of new Set([first[pool]!, last[pool]!])) {
      knots.scores.push(score);
      knots.values.push(value[pool]!);
    }
  }
  return knots;
}

/** The function at each score. */
export function applyIsotonic({scores: knots, values}: Isotonic, scores: ArrayLike<number>): Float64Array {
  const end = knots.length - 1;
  const result = new Float64Array(scores.length);
  for (let i = 0; i < result.length; i++) {
    const score = scores[i]!;
    let low = 0;
    let high = end;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (knots[middle]! <= score) low = middle;
      else high = middle;
    }
    const [x0, x1, y0, y1] = [knots[low]!, knots[high]!, values[low]!, values[high]!];
    if (score <= x0) result[i] = y0;
    else if (score >= x1) result[i] = y1;
    else result[i] = y0 + ((score - x0) / (x1 - x0)) * (y1 - y0);
  }
  return result;
}
