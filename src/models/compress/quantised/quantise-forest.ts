import {MillraceError} from '../../../protocol/index.ts';
import type {Forest} from '../../trees/forest.ts';
import {packCounts} from './cover-bytes.ts';
import {quantiseLeaves} from './quantise-leaves.ts';
import {NARROW, type QuantisedForest, type Split, WIDE, wordOf} from './quantised-forest.ts';
import {type ThresholdTable, thresholdTable} from './threshold-table.ts';

/** Whole numbers of so many bits for thresholds and leaf values. */
export type Bits = 8 | 16;

/** Splits in preorder and leaves from left to right, tree after tree, as numbers of nodes. */
type Order = {
  readonly trees: readonly {readonly splits: number[]; readonly leaves: number[]}[];
  readonly left: Int32Array;
};

type Columns = {
  readonly numeric: readonly {readonly feature: number; readonly table: ThresholdTable}[];
  readonly categorical: readonly {readonly feature: number; readonly sets: readonly number[]}[];
};

/**
 * Thresholds become places in a table of at most 256 (8 bits) or 65,536 (16 bits) thresholds per feature: nothing is
 * lost unless a feature has more. Leaf values become 256 or 65,536 steps between the least and the greatest of their
 * tree, and what that adds to the mean margin of the training rows is taken from the base. Covers and the gain of
 * each feature are kept as they are. Throws MODEL_INVALID for a forest that the format cannot hold.
 */
export function quantiseForest(forest: Forest, features: number, bits: Bits): QuantisedForest {
  const order = orderOf(forest);
  const columns = columnsOf(forest, order, bits);
  const wide = needsWide(order, columns);
  const words: number[] = [];
  const skip: number[] = [];
  for (const {splits} of order.trees)
    for (const n of splits) {
      const split = splitOf(forest, n, order.left[n]!, columns);
      words.push(wordOf(split, wide));
      if (wide) skip.push(split.left);
    }
  const {numeric, categorical} = columns;
  const sets = categorical.flatMap(column => column.sets);
  const {base, ...leaves} = quantiseLeaves(
    forest,
    order.trees.map(({leaves: own}) => own),
    bits,
  );
  return {
    base,
    treeSplits: Uint16Array.from(order.trees, ({splits}) => splits.length),
    words: Int32Array.from(words),
    skip: Uint16Array.from(skip),
    ...leaves,
    numericFeature: Uint16Array.from(numeric, ({feature}) => feature),
    numericStart: startsOf(numeric.map(({table}) => table.values.length)),
    thresholds: Float32Array.from(numeric.flatMap(({table}) => [...table.values])),
    setFeature: Uint16Array.from(categorical, ({feature}) => feature),
    setStart: startsOf(categorical.map(column => column.sets.length)),
    ...copySets(forest, sets),
    cover: packCounts(order.trees.flatMap(({leaves: own}) => own.map(n => forest.cover[n]!))),
    gain: gainsOf(forest, order, features),
  };
}

function orderOf(forest: Forest): Order {
  const left = new Int32Array(forest.feature.length);
  const trees = Array.from(forest.roots, root => {
    const splits: number[] = [];
    const leaves: number[] = [];
    const visit = (n: number): number => {
      if (forest.feature[n] === -1) return leaves.push(n) && 0;
      splits.push(n);
      left[n] = visit(forest.left[n]!);
      return left[n]! + 1 + visit(forest.right[n]!);
    };
    visit(root);
    return {splits, leaves};
  });
  return {trees, left};
}

function columnsOf(forest: Forest, {trees}: Order, bits: Bits): Columns {
  const numeric = new Map<number, number[]>();
  const categorical = new Map<number, number[]>();
  for (const {splits} of trees)
    for (const n of splits) {
      const byFeature = forest.set[n]! < 0 ? numeric : categorical;
      const feature = forest.feature[n]!;
      const nodes = byFeature.get(feature);
      if (nodes === undefined) byFeature.set(feature, [n]);
      else nodes.push(n);
    }
  const ascending = (lists: Map<number, number[]>) => [...lists].sort(([a], [b]) => a - b);
  return {
    numeric: ascending(numeric).map(([feature, nodes]) => ({feature, table: thresholdTable(forest, nodes, 2 ** bits)})),
    categorical: ascending(categorical).map(([feature, nodes]) => ({feature, sets: nodes.map(n => forest.set[n]!)})),
  };
}

/** Whether something does not fit the narrow layout. Throws MODEL_INVALID if it does not fit the wide one either. */
function needsWide({trees}: Order, {numeric, categorical}: Columns): boolean {
  const splits = Math.max(0, ...trees.map(tree => tree.splits.length));
  const columns = numeric.length + categorical.length;
  const places = Math.max(0, ...numeric.map(c => c.table.values.length), ...categorical.map(c => c.sets.length));
  const holds = (layout: typeof NARROW | typeof WIDE) =>
    splits <= layout.splits && columns <= layout.columns && places <= layout.places;
  if (holds(NARROW)) return false;
  if (holds(WIDE)) return true;
  throw new MillraceError(
    'MODEL_INVALID',
    `The forest cannot be quantised: it has ${splits} splits in a tree, ${columns} columns and ${places} thresholds or sets of one feature; ${WIDE.splits}, ${WIDE.columns} and ${WIDE.places} are the most.`,
    {fix: 'Prune it first, or distil it into a smaller one.'},
  );
}

function splitOf(forest: Forest, n: number, left: number, {numeric, categorical}: Columns): Split {
  const feature = forest.feature[n]!;
  const missingLeft = forest.missingLeft[n] === 1;
  if (forest.set[n]! >= 0) {
    const own = categorical.findIndex(column => column.feature === feature);
    const place = categorical[own]!.sets.indexOf(forest.set[n]!);
    return {column: numeric.length + own, place, left, missingLeft};
  }
  const column = numeric.findIndex(candidate => candidate.feature === feature);
  return {column, place: numeric[column]!.table.placeOf.get(forest.threshold[n]! + 0)!, left, missingLeft};
}

function copySets(forest: Forest, starts: readonly number[]): Pick<QuantisedForest, 'setAt' | 'sets'> {
  const sets: number[] = [];
  const setAt = Uint32Array.from(starts, start => {
    const at = sets.length;
    for (let k = 0; k <= forest.sets[start]!; k++) sets.push(forest.sets[start + k]!);
    return at;
  });
  return {setAt, sets: Uint32Array.from(sets)};
}

function gainsOf(forest: Forest, {trees}: Order, features: number): Float64Array {
  const gains = new Float64Array(features);
  for (const {splits} of trees) for (const n of splits) gains[forest.feature[n]!]! += forest.gain[n]!;
  return gains;
}

/** Where each part starts if so many stand one behind the other; the end is the last. */
function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    starts[i + 1] = starts[i]! + length;
  });
  return starts;
}
