import type {Forest} from '../../trees/forest.ts';
import {unpackCounts} from './cover-bytes.ts';
import {leafValue} from './quantise-leaves.ts';
import {type QuantisedForest, splitAt} from './quantised-forest.ts';

/**
 * The same trees as a forest of ordinary nodes: it takes the same branches and adds the same values to the bit. The gain
 * of a feature is spread evenly over its splits.
 */
export function dequantiseForest(quantised: QuantisedForest): Forest {
  const {treeSplits, leaf, numericFeature, setFeature} = quantised;
  const nodes = treeSplits.reduce((sum, splits) => sum + 2 * splits + 1, 0);
  const forest: Forest = {
    base: quantised.base,
    roots: new Int32Array(treeSplits.length),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    set: new Int32Array(nodes).fill(-1),
    sets: quantised.sets,
    value: new Float32Array(nodes),
    gain: new Float32Array(nodes),
    cover: new Float64Array(nodes),
  };
  const counts = unpackCounts(quantised.cover, leaf.length);
  const uses = splitsPerFeature(quantised);
  let node = 0;
  let nextLeaf = 0;
  let first = 0;

  /** Writes the part of `size` splits from split `at` on, in preorder, and returns the rows that reach it. */
  const write = (at: number, size: number, tree: number): number => {
    const n = node++;
    if (size === 0) {
      const i = nextLeaf++;
      forest.value[n] = leafValue(quantised.leafOffset[tree]!, quantised.leafScale[tree]!, leaf[i]!);
      forest.cover[n] = counts[i]!;
      return counts[i]!;
    }
    const {column, place, left, missingLeft} = splitAt(quantised, at);
    const own = column - numericFeature.length;
    const feature = own < 0 ? numericFeature[column]! : setFeature[own]!;
    forest.feature[n] = feature;
    forest.missingLeft[n] = missingLeft ? 1 : 0;
    forest.gain[n] = quantised.gain[feature]! / uses[feature]!;
    if (own < 0) forest.threshold[n] = quantised.thresholds[quantised.numericStart[column]! + place]!;
    else forest.set[n] = quantised.setAt[quantised.setStart[own]! + place]!;
    forest.left[n] = node;
    const rowsLeft = write(at + 1, left, tree);
    forest.right[n] = node;
    forest.cover[n] = rowsLeft + write(at + 1 + left, size - 1 - left, tree);
    return forest.cover[n]!;
  };
  treeSplits.forEach((splits, tree) => {
    forest.roots[tree] = node;
    write(first, splits, tree);
    first += splits;
  });
  return forest;
}

/** How often each feature is asked about. */
export function splitsPerFeature(quantised: QuantisedForest): Float64Array {
  const {words, numericFeature, setFeature, gain} = quantised;
  const uses = new Float64Array(gain.length);
  for (let s = 0; s < words.length; s++) {
    const {column} = splitAt(quantised, s);
    const own = column - numericFeature.length;
    uses[own < 0 ? numericFeature[column]! : setFeature[own]!]! += 1;
  }
  return uses;
}
