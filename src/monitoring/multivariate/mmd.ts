/** Maximum mean discrepancy of two samples and its chance (Gretton et al., "A kernel two-sample test", JMLR 13, 2012). */

import {type Random, shuffle} from '../../math/index.ts';
import type {KernelMatrix} from './kernel-matrix.ts';

export type MmdTest = {
  /** The unbiased estimate of MMD²: around 0, also below, where nothing moved. */
  readonly value: number;
  readonly pValue: number;
  /** Of the estimate where nothing moved, from the permutations. */
  readonly deviation: number;
};

const PERMUTATIONS = 499;
/** Permutations that must have reached the value before fewer are enough. */
const ENOUGH = 10;
/** Permutations of one pass over the kernel, between two turns of the event loop. */
const LANES = 4;

/**
 * The first `reference` rows of the kernel against the others. The p-value is by permutation, and stops early where
 * many reach the value: hits / permutations is a p-value, too (Besag and Clifford, Biometrika 78, 1991).
 */
export async function mmdTest(kernel: KernelMatrix, reference: number, random: Random): Promise<MmdTest> {
  const mmdOf = assignmentMmd(kernel, reference);
  const sides = Float64Array.from({length: kernel.rows}, (_, row) => (row < reference ? 1 : -1));
  const lanes = new Float64Array(kernel.rows * LANES);
  const deal = (lane: number): void => {
    for (let row = 0; row < kernel.rows; row++) lanes[row * LANES + lane] = sides[row]!;
  };
  for (let lane = 0; lane < LANES; lane++) deal(lane);
  const value = mmdOf(lanes)[0]!;
  const permuted: number[] = [];
  let hits = 0;
  while (permuted.length < PERMUTATIONS && hits < ENOUGH) {
    for (let lane = 0; lane < LANES; lane++) {
      shuffle(sides, random);
      deal(lane);
    }
    for (const other of mmdOf(lanes)) {
      if (permuted.length === PERMUTATIONS || hits === ENOUGH) break;
      permuted.push(other);
      if (other >= value) hits++;
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  const pValue = hits === ENOUGH ? hits / permuted.length : (hits + 1) / (permuted.length + 1);
  const deviation = Math.sqrt(permuted.reduce((sum, x) => sum + x * x, 0) / permuted.length);
  return {value, pValue, deviation};
}

/**
 * MMD² of four assignments at once: 1 for a row of the reference, −1 for a current one, side by side in `lanes`. The
 * sums of the kernel within both sides, and of the one less the other, are all that changes between assignments.
 */
function assignmentMmd(kernel: KernelMatrix, reference: number): (lanes: Float64Array) => number[] {
  const sums = rowSums(kernel);
  const total = sums.reduce((sum, x) => sum + x, 0) / 2;
  const [n, m] = [reference, kernel.rows - reference];
  return lanes =>
    quadraticForms(kernel, lanes).map((form, lane) => {
      let lead = 0;
      for (let row = 0; row < kernel.rows; row++) lead += (lanes[row * LANES + lane]! * sums[row]!) / 2;
      const within = (total + form) / 2;
      const between = total - within;
      return (within + lead) / (n * (n - 1)) + (within - lead) / (m * (m - 1)) - (2 * between) / (n * m);
    });
}

/** Kernel of each row with all others. */
function rowSums({rows, below}: KernelMatrix): Float64Array {
  const sums = new Float64Array(rows);
  for (let i = 1, at = 0; i < rows; i++)
    for (let j = 0; j < i; j++, at++) {
      sums[i]! += below[at]!;
      sums[j]! += below[at]!;
    }
  return sums;
}

/** Σ over pairs of k(i, j) s(i) s(j), for the four assignments `s` of ±1 that lie side by side in `lanes`. */
function quadraticForms({rows, below}: KernelMatrix, lanes: Float64Array): number[] {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 1, at = 0; i < rows; i++) {
    let [ra, rb, rc, rd] = [0, 0, 0, 0];
    for (let from = 0; from < LANES * i; from += LANES, at++) {
      const k = below[at]!;
      ra += k * lanes[from]!;
      rb += k * lanes[from + 1]!;
      rc += k * lanes[from + 2]!;
      rd += k * lanes[from + 3]!;
    }
    a += ra * lanes[LANES * i]!;
    b += rb * lanes[LANES * i + 1]!;
    c += rc * lanes[LANES * i + 2]!;
    d += rd * lanes[LANES * i + 3]!;
  }
  return [a, b, c, d];
}
