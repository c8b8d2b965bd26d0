/** The rate of label 1 by score, as a smooth curve. */

import {exp, solveLinear} from '../../math/index.ts';

/** The probability of label 1 at a log-odds score `z`. */
export type ScoreCurve = (z: number) => number;

const ITERATIONS = 25;
/** Shrinks all coefficients but the first a little, so that classes that are apart have a curve, too. */
const RIDGE = 1e-3;
const MOST = 8;

/** Log odds of a probability, within ±8. */
export function logOdds(score: number): number {
  return Math.max(-MOST, Math.min(MOST, Math.log(score / (1 - score))));
}

/** A logistic curve of third degree in the log odds of the score, by Newton's method: a calibration without steps. */
export function fitScoreCurve(scores: Float64Array, labels: Float64Array): ScoreCurve {
  const zs = scores.map(logOdds);
  let coefficients = [0, 0, 0, 0];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = newtonStep(coefficients, zs, labels);
    if (step === null) break;
    coefficients = coefficients.map((c, k) => c + step[k]!);
    if (Math.max(...step.map(Math.abs)) < 1e-8) break;
  }
  return z => sigmoid(polynomial(coefficients, z));
}

function newtonStep(coefficients: readonly number[], zs: Float64Array, labels: Float64Array): number[] | null {
  const moments = new Float64Array(7); // of the weights, by power of x
  const gradient = coefficients.map((c, k) => (k === 0 ? 0 : -RIDGE * c));
  for (let row = 0; row < zs.length; row++) {
    const x = zs[row]! / MOST;
    const p = sigmoid(polynomial(coefficients, zs[row]!));
    let ofWeight = p * (1 - p);
    let ofResidual = labels[row]! - p;
    for (let k = 0; k < 7; k++, ofWeight *= x) moments[k]! += ofWeight;
    for (let k = 0; k < 4; k++, ofResidual *= x) gradient[k]! += ofResidual;
  }
  const hessian = coefficients.map((_, i) => coefficients.map((_, j) => moments[i + j]! + (i === j ? RIDGE : 0)));
  return solveLinear(hessian, gradient);
}

function polynomial(coefficients: readonly number[], z: number): number {
  const x = z / MOST;
  return coefficients[0]! + x * (coefficients[1]! + x * (coefficients[2]! + x * coefficients[3]!));
}

const sigmoid = (x: number): number => 1 / (1 + exp(-x));
