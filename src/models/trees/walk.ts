import {type Forest, inSet} from './forest.ts';

/**
 * The part of a forest that a walk reads, packed for the cache: `links` holds, per node, the feature
 * (bit 31: leaf, bit 30: categorical, bit 29: missing goes left), the left child and the right child.
 * A hot path: measured, not pretty.
 */
export type Walk = {
  readonly links: Int32Array;
  /** Threshold, or the start of the set at a categorical node. */
  readonly limits: Float64Array;
  readonly sets: Uint32Array;
};

const LEAF = 1 << 31;
const CATEGORICAL = 1 << 30;
const MISSING_LEFT = 1 << 29;
const FEATURE = MISSING_LEFT - 1;

export function walkOf(forest: Forest): Walk {
  const nodes = forest.feature.length;
  const links = new Int32Array(nodes * 3);
  const limits = new Float64Array(nodes);
  for (let n = 0; n < nodes; n++) {
    const categorical = forest.set[n]! >= 0;
    const flags = (categorical ? CATEGORICAL : 0) | (forest.missingLeft[n] === 1 ? MISSING_LEFT : 0);
    links[3 * n] = forest.feature[n] === -1 ? LEAF : forest.feature[n]! | flags;
    links[3 * n + 1] = forest.left[n]!;
    links[3 * n + 2] = forest.right[n]!;
    limits[n] = categorical ? forest.set[n]! : forest.threshold[n]!;
  }
  return {links, limits, sets: forest.sets};
}

/** The leaf that a row reaches from `node`; its features are `row[at]`, `row[at + 1]`, … */
export function leafOf(walk: Walk, node: number, row: Float32Array, at: number): number {
  const {links, limits, sets} = walk;
  for (;;) {
    const link = links[3 * node]!;
    if (link < 0) return node;
    const x = row[at + (link & FEATURE)]!;
    // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
    if (x !== x) node = links[3 * node + ((link & MISSING_LEFT) !== 0 ? 1 : 2)]!;
    else if ((link & CATEGORICAL) === 0) node = links[3 * node + (x <= limits[node]! ? 1 : 2)]!;
    else node = links[3 * node + (inSet(sets, limits[node]!, x) ? 1 : 2)]!;
  }
}
