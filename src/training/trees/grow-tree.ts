import {categorySplit, readBins} from './category-split.ts';
import {type PendingSplit, writeSplits} from './split-batch.ts';
import {FEATURE_HISTOGRAM, NUMBER, SCAN_RESULT} from './tree-layout.ts';
import {PHASE, type TreeThread} from './tree-thread.ts';

/** A node of a finished tree. Children have higher numbers than their parent. */
export type TreeNode = {
  /** -1 at a leaf. */
  feature: number;
  /** Numeric: the last bin that goes left. */
  bin: number;
  /** Categorical: the bins that go left. */
  set: readonly number[] | null;
  missingLeft: boolean;
  left: number;
  right: number;
  value: number;
  gain: number;
  rows: number;
};

/** Sums over a node's rows, in units of the quantised derivatives. */
type Sums = {readonly g: number; readonly h: number; readonly rows: number};

type Split = Sums & {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
};

/** A leaf that may still be split; it holds a histogram. */
type OpenLeaf = Sums & {readonly node: number; readonly depth: number; readonly slot: number; readonly split: Split};

type Child = Sums & {readonly node: number; readonly depth: number};

const MISSING = 255;

/**
 * Grows one tree from the derivatives in memory. Leaf by leaf the open leaf with the largest gain is split
 * next; level by level all open leaves are, best first if the number of leaves runs out.
 */
export function growTree(state: TreeThread, run: (phase: number) => void): TreeNode[] {
  const {layout, parameters} = state;
  const nodes: TreeNode[] = [];
  const free = Array.from({length: parameters.leaves}, (_, i) => parameters.leaves - i); // slot 0 is the root's
  let open: OpenLeaf[] = [];
  let leaves = 1;

  const consider = (child: Child, slot: number, side: number) => {
    const split = slot < 0 ? null : bestSplit(state, child, side);
    if (split !== null) open.push({...child, slot, split});
    else if (slot >= 0) free.push(slot);
  };

  writeSplits(state.i32, layout, [
    {node: 0, feature: 0, left: 0, right: 0, parentSlot: -1, smallSlot: 0, smallSide: 0},
  ]);
  run(PHASE.root);
  run(PHASE.scan);
  const sums = rootSums(state);
  nodes.push(leafNode(state, sums));
  consider({...sums, node: 0, depth: 0}, 0, 0);

  while (open.length > 0 && leaves < parameters.leaves) {
    open.sort((a, b) => b.split.gain - a.split.gain || a.node - b.node);
    const size = parameters.growth === 'leaf' ? 1 : Math.min(open.length, layout.batch, parameters.leaves - leaves);
    const chosen = open.slice(0, size);
    open = open.slice(size);
    leaves += size;
    const batch = chosen.map(leaf => {
      const {left, right} = applySplit(state, nodes, leaf);
      const more = leaves < parameters.leaves && (maySplit(state, left) || maySplit(state, right));
      const smallSide = left.rows <= right.rows ? 0 : 1;
      const pending: PendingSplit = {
        node: leaf.node,
        feature: leaf.split.feature,
        left: left.node,
        right: right.node,
        parentSlot: leaf.slot,
        smallSlot: more ? free.pop()! : -1,
        smallSide,
      };
      return {pending, left, right};
    });
    writeSplits(
      state.i32,
      layout,
      batch.map(({pending}) => pending),
    );
    run(PHASE.split);
    if (batch.some(({pending}) => pending.smallSlot >= 0)) run(PHASE.scan);
    batch.forEach(({pending, left, right}, k) => {
      const {parentSlot, smallSlot, smallSide} = pending;
      const large = smallSlot < 0 ? -1 : parentSlot;
      if (smallSlot < 0) free.push(parentSlot);
      consider(left, smallSide === 0 ? smallSlot : large, 2 * k);
      consider(right, smallSide === 1 ? smallSlot : large, 2 * k + 1);
    });
  }
  writeLeaves(state, nodes);
  return nodes;
}

function maySplit({parameters}: TreeThread, {depth, rows}: Child): boolean {
  return depth < parameters.maxDepth && rows >= 2 * parameters.minRowsInLeaf;
}

/** The best of all features' splits; ties go to the first feature. Null if none gains enough. */
function bestSplit(state: TreeThread, child: Child, side: number): Split | null {
  const {layout, shape, parameters, f64, u8} = state;
  if (!maySplit(state, child)) return null;
  let best = -1;
  let at = -1;
  let feature = -1;
  for (let f = 0; f < shape.features; f++) {
    if (u8[layout.allowed + f] === 0) continue;
    const result = layout.results / 8 + (side * shape.features + f) * SCAN_RESULT;
    if (f64[result]! > best) {
      best = f64[result]!;
      at = result;
      feature = f;
    }
  }
  if (feature === -1) return null;
  const {g, h} = realSums(state, child);
  const whole = g ** 2 / (h + parameters.l2);
  const gain = best - whole;
  if (!(gain > parameters.minGain && gain > 1e-10 * whole)) return null; // less is rounding
  return {
    feature,
    gain,
    bin: f64[at + 1]!,
    missingLeft: f64[at + 2] === 1,
    g: f64[at + 3]!,
    h: f64[at + 4]!,
    rows: f64[at + 5]!,
  };
}

/** Turns a leaf into a branch with two new leaves, and writes which bins go left. */
function applySplit(state: TreeThread, nodes: TreeNode[], leaf: OpenLeaf): {left: Child; right: Child} {
  const {layout, shape, u8, i32} = state;
  const {split, node, depth} = leaf;
  const {feature, bin} = split;
  const table = u8.subarray(layout.tables + 256 * node, layout.tables + 256 * (node + 1)).fill(0);
  const branch = nodes[node]!;
  if (shape.codes[feature]! > 0) {
    branch.set = leftCategories(state, leaf);
    for (const category of branch.set) table[category] = 1;
    branch.missingLeft = table[MISSING] === 1;
  } else {
    table.fill(1, 0, bin + 1)[MISSING] = split.missingLeft ? 1 : 0;
    branch.bin = bin;
    branch.missingLeft = split.missingLeft;
  }
  branch.feature = feature;
  branch.gain = split.gain;
  branch.left = nodes.length;
  branch.right = nodes.length + 1;
  const left = {node: branch.left, depth: depth + 1, g: split.g, h: split.h, rows: split.rows};
  const rest = {g: leaf.g - split.g, h: leaf.h - split.h, rows: leaf.rows - split.rows};
  const right = {node: branch.right, depth: depth + 1, ...rest};
  nodes.push(leafNode(state, left), leafNode(state, right));
  const at = layout.nodes / 4 + 4 * node;
  i32.set([feature, branch.left, branch.right], at);
  return {left, right};
}

/** The set is found again from the leaf's histogram: cheaper than keeping the sets of all candidates. */
function leftCategories(state: TreeThread, {split, slot}: OpenLeaf): readonly number[] {
  const {layout, parameters, numbers, i32} = state;
  const histogram = layout.pool + slot * layout.histogram + split.feature * FEATURE_HISTOGRAM;
  const found = categorySplit(readBins(i32, histogram, i32[layout.binCounts / 4 + split.feature]!), {
    gUnit: numbers[NUMBER.gUnit]!,
    hUnit: numbers[NUMBER.hUnit]!,
    l2: parameters.l2,
    minRows: parameters.minRowsInLeaf,
    minHessian: parameters.minHessianInLeaf,
    smoothing: parameters.categorySmoothing,
  });
  return found!.bins;
}

function realSums({numbers}: TreeThread, {g, h}: Sums): {g: number; h: number} {
  return {g: g * numbers[NUMBER.gUnit]!, h: h * numbers[NUMBER.hUnit]!};
}

function leafNode(state: TreeThread, sums: Sums): TreeNode {
  const {learningRate, l2} = state.parameters;
  const {g, h} = realSums(state, sums);
  const value = Math.fround(h + l2 > 0 ? (-learningRate * g) / (h + l2) : 0);
  return {feature: -1, bin: 0, set: null, missingLeft: false, left: 0, right: 0, value, gain: 0, rows: sums.rows};
}

/** Sums of the root: over the bins of any feature in use. */
function rootSums({layout, shape, u8, i32}: TreeThread): Sums {
  let f = 0;
  while (u8[layout.allowed + f] === 0 && f + 1 < shape.features) f++;
  const sums = {g: 0, h: 0, rows: 0};
  for (const bin of readBins(i32, layout.pool + f * FEATURE_HISTOGRAM, MISSING)) {
    sums.g += bin.g;
    sums.h += bin.h;
    sums.rows += bin.rows;
  }
  return sums;
}

function writeLeaves({layout, i32, f32}: TreeThread, nodes: readonly TreeNode[]): void {
  nodes.forEach(({feature, value}, node) => {
    if (feature !== -1) return;
    i32[layout.nodes / 4 + 4 * node] = -1;
    f32[layout.nodes / 4 + 4 * node + 3] = value;
  });
}
