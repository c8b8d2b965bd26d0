import type {Forest} from '../../trees/forest.ts';
import {Heap} from './heap.ts';
import {rebuildForest} from './rebuild-forest.ts';

export type PruneLimits = {
  /** Trees kept, the first ones: later trees correct what earlier ones left. All unless told. */
  readonly trees?: number;
  /** Leaves of all kept trees together. As many as there are unless told. */
  readonly leaves?: number;
};

/** Trees that are dropped, subtrees that become leaves, and leaves of equal value that become one. */
export function pruneForest(forest: Forest, {trees = forest.roots.length, leaves}: PruneLimits): Forest {
  const first = rebuildForest(forest, trees, () => 'split');
  return mergeEqualLeaves(leaves === undefined ? first : weakestLinks(first, leaves));
}

export const leafCount = ({feature}: Forest): number => feature.reduce((sum, f) => sum + (f === -1 ? 1 : 0), 0);

/** A split between two leaves of one value asks for nothing. Predictions stay the same to the bit. */
export function mergeEqualLeaves(forest: Forest): Forest {
  const value = Float64Array.from(forest.value);
  const isLeaf = Uint8Array.from(forest.feature, feature => (feature === -1 ? 1 : 0));
  for (let n = forest.feature.length - 1; n >= 0; n--) {
    if (forest.feature[n] === -1) continue;
    const [left, right] = [forest.left[n]!, forest.right[n]!];
    if (!isLeaf[left] || !isLeaf[right] || value[left] !== value[right]) continue;
    isLeaf[n] = 1;
    value[n] = value[left]!;
  }
  return rebuildForest(forest, forest.roots.length, n => (isLeaf[n] ? {leaf: value[n]!} : 'split'));
}

/**
 * Weakest-link pruning (Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees", 1984, chapter 3) over
 * all trees at once: again and again the subtree whose splits gain least for each leaf that they cost becomes a leaf, until
 * `leaves` are left (or one for each tree). The leaf has the mean of those it replaces, weighted by their training rows,
 * so the mean margin of a tree, and with it the base of every explanation, stays.
 */
function weakestLinks(forest: Forest, leaves: number): Forest {
  const nodes = forest.feature.length;
  const parent = new Int32Array(nodes).fill(-1);
  const gain = new Float64Array(nodes);
  const size = new Float64Array(nodes).fill(1);
  const mean = Float64Array.from(forest.value);
  const isSplit = Uint8Array.from(forest.feature, feature => (feature === -1 ? 0 : 1));
  for (let n = nodes - 1; n >= 0; n--) {
    if (!isSplit[n]) continue;
    const [left, right] = [forest.left[n]!, forest.right[n]!];
    parent[left] = n;
    parent[right] = n;
    gain[n] = forest.gain[n]! + gain[left]! + gain[right]!;
    size[n] = size[left]! + size[right]!;
    const share = forest.cover[n]! > 0 ? forest.cover[left]! / forest.cover[n]! : 0.5;
    mean[n] = share * mean[left]! + (1 - share) * mean[right]!;
  }
  const strength = (n: number) => gain[n]! / (size[n]! - 1);
  const heap = new Heap<{readonly node: number; readonly strength: number}>((a, b) => a.strength - b.strength);
  for (let n = 0; n < nodes; n++) if (isSplit[n]) heap.push({node: n, strength: strength(n)});
  let total = leafCount(forest);
  while (total > leaves) {
    const weakest = heap.pop();
    if (weakest === undefined) break;
    const {node} = weakest;
    if (!isSplit[node] || isBelowLeaf(node, parent, isSplit) || weakest.strength !== strength(node)) continue;
    const lostGain = gain[node]!;
    const lostLeaves = size[node]! - 1;
    isSplit[node] = 0;
    total -= lostLeaves;
    for (let up = parent[node]!; up !== -1; up = parent[up]!) {
      gain[up]! -= lostGain;
      size[up]! -= lostLeaves;
      heap.push({node: up, strength: strength(up)});
    }
  }
  return rebuildForest(forest, forest.roots.length, n => (isSplit[n] ? 'split' : {leaf: mean[n]!}));
}

function isBelowLeaf(node: number, parent: Int32Array, isSplit: Uint8Array): boolean {
  for (let up = parent[node]!; up !== -1; up = parent[up]!) if (!isSplit[up]) return true;
  return false;
}
