import {invalid, type ModelArrays} from '../artifact.ts';

/**
 * Trees as flat arrays, one entry per node, all trees in one run of nodes.
 * A row goes left at a numeric node if `x <= threshold`; at a categorical node if its code is in the
 * node's set (a code outside the vocabulary is in no set); a missing value goes where `missingLeft` says.
 */
export type Forest = {
  /**
   * What every margin has before its trees. As float32 it makes all sums float32, the base last: the order and the
   * precision of ONNX Runtime, for models that come from there.
   */
  readonly base: Float64Array | Float32Array;
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Feature tested, or -1 at a leaf. */
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  /** Where the node's set starts in `sets`, or -1 at a numeric node. */
  readonly set: Int32Array;
  /** Each set: its number of words, then the words, 32 codes each, lowest code in the lowest bit. */
  readonly sets: Uint32Array;
  /** What a leaf adds to the margin. */
  readonly value: Float32Array;
  /** Loss reduction of a split. */
  readonly gain: Float32Array;
  /** Training rows that reached the node. */
  readonly cover: Float64Array;
};

export function inSet(sets: Uint32Array, at: number, code: number): boolean {
  const word = code >>> 5;
  return word < sets[at]! && (code | 0) === code && ((sets[at + 1 + word]! >>> (code & 31)) & 1) === 1;
}

/** The codes of a set, ascending. */
export function setCodes(sets: Uint32Array, at: number): number[] {
  const codes: number[] = [];
  for (let code = 0; code < sets[at]! * 32; code++) if (inSet(sets, at, code)) codes.push(code);
  return codes;
}

const NODE_ARRAYS = ['feature', 'threshold', 'left', 'right', 'missingLeft', 'set', 'value', 'gain', 'cover'] as const;

/** Reads and checks the arrays of an artifact: afterwards every walk ends and stays inside them. */
export function forestOf(arrays: ModelArrays, features: number): Forest {
  for (const name of ['base', 'roots', 'sets', ...NODE_ARRAYS])
    if (arrays[name] === undefined) throw invalid(`array '${name}' is missing`);
  const forest = arrays as unknown as Forest;
  const nodes = forest.feature.length;
  for (const name of NODE_ARRAYS) if (forest[name].length !== nodes) throw invalid(`'${name}' has a wrong length`);
  for (const root of forest.roots) if (!(root >= 0 && root < nodes)) throw invalid(`there is no node ${root}`);
  for (let n = 0; n < nodes; n++) {
    const feature = forest.feature[n]!;
    if (feature === -1) continue;
    const left = forest.left[n]!;
    const right = forest.right[n]!;
    const set = forest.set[n]!;
    if (feature < 0 || feature >= features) throw invalid(`node ${n} tests feature ${feature} of ${features}`);
    if (left <= n || right <= n || left >= nodes || right >= nodes) throw invalid(`node ${n} has no such children`);
    if (set >= 0 && set + 1 + (forest.sets[set] ?? Number.NaN) <= forest.sets.length) continue;
    if (set !== -1) throw invalid(`node ${n} has no set`);
  }
  return forest;
}
