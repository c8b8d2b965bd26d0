import {type Forest, inSet} from './forest.ts';

/**
 * The part of a forest that a walk reads, packed for the cache, four words per node: the feature (bit 31: leaf, bit 30:
 * categorical, bit 29: missing goes left), the threshold or where the set of a categorical node starts, and the places of
 * the left and the right child. A hot path: measured, not pretty.
 */
export type Walk = {
  readonly words: Int32Array;
  /** The same memory, for the thresholds. */
  readonly limits: Float32Array;
  readonly sets: Uint32Array;
};

const LEAF = 1 << 31;
const CATEGORICAL = 1 << 30;
const MISSING_LEFT = 1 << 29;
const FEATURE = MISSING_LEFT - 1;

export function walkOf(forest: Forest): Walk {
  const nodes = forest.feature.length;
  const words = new Int32Array(nodes * 4);
  const limits = new Float32Array(words.buffer);
  for (let n = 0; n < nodes; n++) {
    const categorical = forest.set[n]! >= 0;
    const flags = (categorical ? CATEGORICAL : 0) | (forest.missingLeft[n] === 1 ? MISSING_LEFT : 0);
    words[4 * n] = forest.feature[n] === -1 ? LEAF : forest.feature[n]! | flags;
    if (categorical) words[4 * n + 1] = forest.set[n]!;
    else limits[4 * n + 1] = forest.threshold[n]!;
    words[4 * n + 2] = 4 * forest.left[n]!;
    words[4 * n + 3] = 4 * forest.right[n]!;
  }
  return {words, limits, sets: forest.sets};
}

/** The leaf that a row reaches from `node`; its features are `row[at]`, `row[at + 1]`, … */
export function leafOf({words, limits, sets}: Walk, node: number, row: Float32Array, at: number): number {
  for (let n = 4 * node; ; ) {
    const link = words[n]!;
    if (link < 0) return n >> 2;
    const x = row[at + (link & FEATURE)]!;
    // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
    if (x !== x) n = words[n + ((link & MISSING_LEFT) !== 0 ? 2 : 3)]!;
    else if ((link & CATEGORICAL) === 0) n = words[n + (x <= limits[n + 1]! ? 2 : 3)]!;
    else n = words[n + (inSet(sets, words[n + 1]!, x) ? 2 : 3)]!;
  }
}
