import type {Forest} from '../../trees/forest.ts';

/** What becomes of a node: it stays a split, or becomes a leaf of this value. Leaves are asked nothing. */
export type Verdict = 'split' | {readonly leaf: number};

/**
 * The first `trees` trees with some splits turned into leaves: nodes below them are gone, covers and gains of the others
 * are as they were. Nodes stand in preorder.
 */
export function rebuildForest(forest: Forest, trees: number, verdictOf: (node: number) => Verdict): Forest {
  const kept: number[] = [];
  const leafValue = new Map<number, number>();
  const roots: number[] = [];
  const newPlace = new Map<number, number>();
  const visit = (node: number): void => {
    newPlace.set(node, kept.length);
    kept.push(node);
    if (forest.feature[node] === -1) return;
    const verdict = verdictOf(node);
    if (verdict !== 'split') {
      leafValue.set(node, verdict.leaf);
      return;
    }
    visit(forest.left[node]!);
    visit(forest.right[node]!);
  };
  for (const root of forest.roots.subarray(0, trees)) {
    roots.push(kept.length);
    visit(root);
  }
  const isLeaf = (node: number) => forest.feature[node] === -1 || leafValue.has(node);
  const ofSplits = (value: (node: number) => number, otherwise = 0) =>
    kept.map(node => (isLeaf(node) ? otherwise : value(node)));
  const {sets, set} = copySets(
    forest,
    ofSplits(node => forest.set[node]!, -1),
  );
  return {
    base: forest.base,
    roots: Int32Array.from(roots),
    feature: Int32Array.from(ofSplits(node => forest.feature[node]!, -1)),
    threshold: Float32Array.from(ofSplits(node => forest.threshold[node]!)),
    left: Int32Array.from(ofSplits(node => newPlace.get(forest.left[node]!)!)),
    right: Int32Array.from(ofSplits(node => newPlace.get(forest.right[node]!)!)),
    missingLeft: Uint8Array.from(ofSplits(node => forest.missingLeft[node]!)),
    set,
    sets,
    value: Float32Array.from(kept, node => leafValue.get(node) ?? forest.value[node]!),
    gain: Float32Array.from(ofSplits(node => forest.gain[node]!)),
    cover: Float64Array.from(kept, node => forest.cover[node]!),
  };
}

/** Only the sets that are still asked about. */
function copySets(forest: Forest, starts: readonly number[]): Pick<Forest, 'set' | 'sets'> {
  const sets: number[] = [];
  const set = Int32Array.from(starts, start => {
    if (start < 0) return -1;
    const at = sets.length;
    for (let k = 0; k <= forest.sets[start]!; k++) sets.push(forest.sets[start + k]!);
    return at;
  });
  return {set, sets: Uint32Array.from(sets)};
}
