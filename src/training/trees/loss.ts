import {sigmoid} from '../../models/index.ts';

/** The rows a loss works on. `gradients` holds (first, second) derivative by margin, per training row. */
export type LossRows = {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array | null;
  readonly gradients: Float32Array;
};

/** Largest |first| and second derivative seen: they set the unit of quantisation. */
export type Peak = {first: number; second: number};

/** A loss of a margin and a label. Loops are inside, for speed; sums of losses are weighted. */
export interface Loss {
  /** Best constant margin. */
  baseMargin(labels: Float64Array, weights: Float64Array | null): number;
  /** Writes the derivatives of rows [from, to), raises `peak`, and returns the sum of their losses. */
  gradients(rows: LossRows, from: number, to: number, peak: Peak): number;
  /** The sum of losses of rows [from, to). */
  sum(rows: LossRows, from: number, to: number): number;
}

/** Probabilities below this count as this much in a loss. */
const LEAST = 1e-18;

/** Log loss of labels 0 and 1; the margin is the log odds. */
export const logLoss: Loss = {
  baseMargin(labels, weights) {
    const mean = weightedMean(labels, weights);
    const p = Math.min(1 - 1e-12, Math.max(1e-12, mean));
    return Math.log(p / (1 - p));
  },
  gradients({scores, labels, weights, gradients}, from, to, peak) {
    let {first, second} = peak;
    let sum = 0;
    let product = 1; // of the probabilities of 16 rows at a time: one logarithm for all
    for (let i = from; i < to; i++) {
      const p = sigmoid(scores[i]!);
      const y = labels[i]!;
      const weight = weights === null ? 1 : weights[i]!;
      const g = weight * (p - y);
      const h = weight * Math.max(p * (1 - p), 1e-16);
      gradients[2 * i] = g;
      gradients[2 * i + 1] = h;
      if (g > first) first = g;
      else if (-g > first) first = -g;
      if (h > second) second = h;
      const right = Math.max(LEAST, y === 1 ? p : 1 - p);
      if (weights !== null) sum -= weight * Math.log(right);
      else {
        product *= right;
        if ((i & 15) === 15) {
          sum -= Math.log(product);
          product = 1;
        }
      }
    }
    peak.first = first;
    peak.second = second;
    return sum - Math.log(product);
  },
  sum({scores, labels, weights}, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const p = sigmoid(scores[i]!);
      sum -= (weights === null ? 1 : weights[i]!) * Math.log(Math.max(LEAST, labels[i] === 1 ? p : 1 - p));
    }
    return sum;
  },
};

/** Log loss of labels from 0 to 1, as a teacher's probabilities are; the margin is the log odds. */
export const crossEntropy: Loss = {
  baseMargin: logLoss.baseMargin,
  gradients(rows, from, to, peak) {
    const {scores, labels, weights, gradients} = rows;
    let {first, second} = peak;
    for (let i = from; i < to; i++) {
      const p = sigmoid(scores[i]!);
      const weight = weights === null ? 1 : weights[i]!;
      const g = weight * (p - labels[i]!);
      const h = weight * Math.max(p * (1 - p), 1e-16);
      gradients[2 * i] = g;
      gradients[2 * i + 1] = h;
      first = Math.max(first, Math.abs(g));
      second = Math.max(second, h);
    }
    peak.first = first;
    peak.second = second;
    return crossEntropy.sum(rows, from, to);
  },
  sum({scores, labels, weights}, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const margin = scores[i]!;
      const loss = Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - labels[i]! * margin;
      sum += (weights === null ? 1 : weights[i]!) * loss;
    }
    return sum;
  },
};

/** Half the squared error; reported as the mean of (margin - label)² / 2. */
export const squaredLoss: Loss = {
  baseMargin: weightedMean,
  gradients({scores, labels, weights, gradients}, from, to, peak) {
    let {first, second} = peak;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const weight = weights === null ? 1 : weights[i]!;
      const error = scores[i]! - labels[i]!;
      const g = weight * error;
      gradients[2 * i] = g;
      gradients[2 * i + 1] = weight;
      first = Math.max(first, Math.abs(g));
      second = Math.max(second, weight);
      sum += (g * error) / 2;
    }
    peak.first = first;
    peak.second = second;
    return sum;
  },
  sum({scores, labels, weights}, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += ((weights === null ? 1 : weights[i]!) * (scores[i]! - labels[i]!) ** 2) / 2;
    return sum;
  },
};

export const LOSSES = {logLoss, crossEntropy, squaredLoss} as const;

function weightedMean(labels: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * labels[i]!;
    total += weight;
  }
  return sum / total;
}
