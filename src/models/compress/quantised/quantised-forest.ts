import {invalid, type ModelArrays} from '../../artifact.ts';

/**
 * Trees with thresholds and leaf values as small whole numbers, in the form in which they are evaluated. Only splits
 * have a place of their own: those of a tree stand in preorder, its leaves from left to right. The left part of a split
 * with `k` splits in it begins right behind it and has `k + 1` leaves; the right part begins behind these.
 *
 * A split looks at a column: `numericFeature` first, then `setFeature`. Its word holds, from the lowest bit:
 *   narrow   8 bits of place, 11 bits of `k`, 12 bits of column, 1 bit: missing goes left
 *   wide    16 bits of place, 15 bits of column, 1 bit: missing goes left; `k` stands in `skip`
 * The place of a numeric split is that of its threshold among the sorted thresholds of its column; the place of a
 * categorical one that of its set among the sets of its column.
 *
 * Leaf `i` of tree `t` adds the float32 nearest to `leafOffset[t] + leafScale[t] * leaf[i]`.
 */
export type QuantisedForest = {
  readonly base: Float64Array;
  /** Splits of each tree. */
  readonly treeSplits: Uint16Array;
  readonly words: Int32Array;
  /** Empty in the narrow layout. */
  readonly skip: Uint16Array;
  readonly leaf: Uint8Array | Uint16Array;
  readonly leafOffset: Float32Array;
  readonly leafScale: Float32Array;
  /** Feature of each numeric column, and where its thresholds start; one more start than columns. */
  readonly numericFeature: Uint16Array;
  readonly numericStart: Uint32Array;
  readonly thresholds: Float32Array;
  /** Feature of each categorical column, and where its sets start in `setAt`, which says where each stands in `sets`. */
  readonly setFeature: Uint16Array;
  readonly setStart: Uint32Array;
  readonly setAt: Uint32Array;
  readonly sets: Uint32Array;
  /** Training rows that reached each leaf, seven bits a byte (LEB128): read only to explain. */
  readonly cover: Uint8Array;
  /** Loss reduction of all splits of each feature. */
  readonly gain: Float64Array;
};

/** Most splits of a tree, columns, and thresholds or sets of a column that a layout can hold. */
export const NARROW = {splits: 2_048, columns: 4_096, places: 256} as const;
export const WIDE = {splits: 65_535, columns: 32_768, places: 65_536} as const;

/** A split read out of its word. */
export type Split = {
  readonly column: number;
  readonly place: number;
  /** Splits of its left part. */
  readonly left: number;
  readonly missingLeft: boolean;
};

export const isWide = ({skip}: QuantisedForest): boolean => skip.length > 0;

export function splitAt(forest: QuantisedForest, s: number): Split {
  const word = forest.words[s]!;
  const missingLeft = word < 0;
  return isWide(forest)
    ? {column: (word >>> 16) & 0x7fff, place: word & 0xffff, left: forest.skip[s]!, missingLeft}
    : {column: (word >>> 19) & 0xfff, place: word & 0xff, left: (word >>> 8) & 0x7ff, missingLeft};
}

export function wordOf({column, place, left, missingLeft}: Split, wide: boolean): number {
  const word = wide ? place | (column << 16) : place | (left << 8) | (column << 19);
  return missingLeft ? word | (1 << 31) : word;
}

const KINDS = {
  base: [Float64Array],
  treeSplits: [Uint16Array],
  words: [Int32Array],
  skip: [Uint16Array],
  leaf: [Uint8Array, Uint16Array],
  leafOffset: [Float32Array],
  leafScale: [Float32Array],
  numericFeature: [Uint16Array],
  numericStart: [Uint32Array],
  thresholds: [Float32Array],
  setFeature: [Uint16Array],
  setStart: [Uint32Array],
  setAt: [Uint32Array],
  sets: [Uint32Array],
  cover: [Uint8Array],
  gain: [Float64Array],
} as const;

/** Reads and checks the arrays of an artifact: afterwards every walk ends and stays inside them. Throws MODEL_INVALID. */
export function quantisedForestOf(arrays: ModelArrays, features: number): QuantisedForest {
  for (const [name, kinds] of Object.entries(KINDS))
    if (!kinds.some(kind => arrays[name] instanceof kind))
      throw invalid(`array '${name}' is missing or of another type`);
  const forest = arrays as unknown as QuantisedForest;
  const trees = forest.treeSplits.length;
  const splits = forest.treeSplits.reduce((sum, n) => sum + n, 0);
  const lengths = {base: 1, words: splits, leaf: splits + trees, leafOffset: trees, leafScale: trees, gain: features};
  for (const [name, length] of Object.entries(lengths))
    if (arrays[name]!.length !== length)
      throw invalid(`'${name}' has ${arrays[name]!.length} values instead of ${length}`);
  if (isWide(forest) && forest.skip.length !== splits) throw invalid(`'skip' has a wrong length`);
  checkColumns('thresholds', forest.numericFeature, forest.numericStart, forest.thresholds.length, features);
  checkColumns('setAt', forest.setFeature, forest.setStart, forest.setAt.length, features);
  for (const at of forest.setAt)
    if (!(at + 1 + (forest.sets[at] ?? Number.NaN) <= forest.sets.length)) throw invalid(`a set ends outside 'sets'`);
  let first = 0;
  for (const count of forest.treeSplits) {
    checkTree(forest, first, count);
    first += count;
  }
  return forest;
}

function checkColumns(name: string, feature: Uint16Array, start: Uint32Array, length: number, features: number): void {
  if (start.length !== feature.length + 1 || start[0] !== 0 || start.at(-1) !== length)
    throw invalid(`the columns of '${name}' do not cover it`);
  for (let c = 0; c < feature.length; c++) {
    if (start[c]! > start[c + 1]!) throw invalid(`the columns of '${name}' are out of order`);
    if (feature[c]! >= features) throw invalid(`there is no feature ${feature[c]}`);
  }
}

/** Every part of the tree has as many splits as those above it say. */
function checkTree(forest: QuantisedForest, first: number, count: number): void {
  const numeric = forest.numericFeature.length;
  const open: [at: number, size: number][] = [[first, count]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [at, size] = part;
    if (size === 0) continue;
    const {column, place, left} = splitAt(forest, at);
    const start = column < numeric ? forest.numericStart : forest.setStart;
    const own = column < numeric ? column : column - numeric;
    if (left >= size) throw invalid(`split ${at} has a left part of ${left} splits among ${size}`);
    if (!(start[own]! + place < start[own + 1]!)) throw invalid(`split ${at} has no threshold or set ${place}`);
    open.push([at + 1, left], [at + 1 + left, size - 1 - left]);
  }
}
