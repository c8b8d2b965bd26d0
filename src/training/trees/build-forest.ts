import type {Forest} from '../../models/index.ts';
import {RARE_BIN} from './category-bins.ts';
import type {TreeNode} from './grow-tree.ts';

type Binning = readonly (Float32Array | Uint8Array)[];

/** Grown trees, whose splits speak of bins, as a forest that speaks of values; behind the trees of `init` if given. */
export function buildForest(
  base: number,
  trees: readonly (readonly TreeNode[])[],
  binning: Binning,
  init?: Forest,
): Forest {
  const nodes = trees.flat();
  const sets: number[] = [];
  const starts = nodes.map(({feature, set}) => {
    if (feature === -1 || set === null) return -1;
    const start = sets.length;
    sets.push(...setWords(set, binning[feature] as Uint8Array));
    return start;
  });
  const roots: number[] = [];
  const offsets = trees.flatMap(tree => {
    const start = (roots.at(-1) ?? 0) + (trees[roots.length - 1]?.length ?? 0);
    roots.push(start);
    return tree.map(() => start);
  });
  const threshold = ({feature, set, bin}: TreeNode) => (feature === -1 || set !== null ? 0 : binning[feature]![bin]!);
  const child = (side: 'left' | 'right') =>
    Int32Array.from(nodes, (node, n) => (node.feature === -1 ? 0 : node[side] + offsets[n]!));
  const grown: Forest = {
    base: Float64Array.of(base),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, node => node.feature),
    threshold: Float32Array.from(nodes, threshold),
    left: child('left'),
    right: child('right'),
    missingLeft: Uint8Array.from(nodes, node => (node.missingLeft ? 1 : 0)),
    set: Int32Array.from(starts),
    sets: Uint32Array.from(sets),
    value: Float32Array.from(nodes, node => (node.feature === -1 ? node.value : 0)),
    gain: Float32Array.from(nodes, node => node.gain),
    cover: Float64Array.from(nodes, node => node.rows),
  };
  return init === undefined ? grown : concatenate(init, grown);
}

/** The set of the codes whose bins are listed: the number of words, then the words. */
function setWords(bins: readonly number[], binOf: Uint8Array): number[] {
  const inBins = new Set(bins);
  const words = new Uint32Array(Math.ceil(binOf.length / 32));
  binOf.forEach((bin, code) => {
    const shared = bin === RARE_BIN && binOf.length > RARE_BIN;
    if (inBins.has(bin) && !shared) words[code >>> 5]! |= 1 << (code & 31);
  });
  return [words.length, ...words];
}

function concatenate(a: Forest, b: Forest): Forest {
  const nodes = a.feature.length;
  const link = (list: Int32Array) => list.map((n, i) => (b.feature[i] === -1 ? 0 : n + nodes));
  return {
    base: a.base,
    roots: Int32Array.of(...a.roots, ...b.roots.map(root => root + nodes)),
    feature: Int32Array.of(...a.feature, ...b.feature),
    threshold: Float32Array.of(...a.threshold, ...b.threshold),
    left: Int32Array.of(...a.left, ...link(b.left)),
    right: Int32Array.of(...a.right, ...link(b.right)),
    missingLeft: Uint8Array.of(...a.missingLeft, ...b.missingLeft),
    set: Int32Array.of(...a.set, ...b.set.map(start => (start < 0 ? -1 : start + a.sets.length))),
    sets: Uint32Array.of(...a.sets, ...b.sets),
    value: Float32Array.of(...a.value, ...b.value),
    gain: Float32Array.of(...a.gain, ...b.gain),
    cover: Float64Array.of(...a.cover, ...b.cover),
  };
}
