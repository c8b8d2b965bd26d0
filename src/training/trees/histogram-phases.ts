import type {Phases} from '../threads/team.ts';
import {categorySplit, readBins} from './category-split.ts';
import {type PendingSplit, readSplits} from './split-batch.ts';
import {FEATURE_HISTOGRAM, NUMBER, SCAN_RESULT} from './tree-layout.ts';
import type {TreeThread} from './tree-thread.ts';

/**
 * Three phases. root: quantise the derivatives and build the thread's part of the root's histogram.
 * split: divide the thread's own rows and build its part of each smaller child's histogram.
 * scan, by feature instead of by row: add the parts, subtract from the parent, find each best threshold.
 */
export function histogramPhases(state: TreeThread): Phases {
  return [
    () => startTree(state),
    () => {
      for (const [k, split] of readSplits(state.i32, state.layout).entries()) divide(state, split, k);
    },
    () => {
      for (const [k, split] of readSplits(state.i32, state.layout).entries()) scan(state, split, k);
    },
  ];
}

function startTree(state: TreeThread): void {
  const {kernel, layout, parameters, first, last, thread, i32, numbers, nodeStart, nodeRows} = state;
  const seed = numbers[NUMBER.seed]!;
  kernel.quantise(layout.gradients, first, last, numbers[NUMBER.gUnit]!, numbers[NUMBER.hUnit]!, seed);
  const own = i32.subarray(layout.ownRows[thread]! / 4);
  let count = last - first;
  if (parameters.rowShare === 1) for (let i = 0; i < count; i++) own[i] = first + i;
  else {
    count = 0;
    for (let row = first; row < last; row++) if (chance(row, seed) < parameters.rowShare) own[count++] = row;
  }
  nodeStart[0] = 0;
  nodeRows[0] = count;
  buildHistogram(state, 0, 0, 0);
}

/** A number from 0 to 1 that depends on the row and the tree only. */
function chance(row: number, seed: number): number {
  let x = Math.imul(row ^ seed, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca77);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae3d);
  return ((x ^ (x >>> 16)) >>> 0) / 4_294_967_296;
}

function divide(state: TreeThread, split: PendingSplit, k: number): void {
  const {kernel, layout, thread, nodeStart, nodeRows} = state;
  const {node, left, right} = split;
  const start = nodeStart[node]!;
  const count = nodeRows[node]!;
  const rows = layout.ownRows[thread]! + 4 * start;
  const table = layout.tables + 256 * node;
  const bins = layout.bins + split.feature;
  const leftRows = kernel.partition(rows, count, bins, layout.stride, table, layout.spare[thread]!);
  nodeStart[left] = start;
  nodeRows[left] = leftRows;
  nodeStart[right] = start + leftRows;
  nodeRows[right] = count - leftRows;
  if (split.smallSlot >= 0) buildHistogram(state, split.smallSide === 0 ? left : right, split.smallSlot, k);
}

/** The leader's part goes straight to the slot, that of others beside it. */
function buildHistogram(state: TreeThread, node: number, slot: number, k: number): void {
  const {kernel, layout, shape, thread, nodeStart, nodeRows} = state;
  const {bins, stride, gradients, histogram} = layout;
  const wide = thread === 0 ? layout.pool + slot * histogram : layout.partials[thread]! + k * histogram;
  const rows = layout.ownRows[thread]! + 4 * nodeStart[node]!;
  const tile = layout.tile[thread]!;
  const narrow = layout.narrow[thread]!;
  kernel.histogram(rows, nodeRows[node]!, bins, stride, gradients, tile, narrow, wide, shape.features);
}

function scan(state: TreeThread, {parentSlot, smallSlot, smallSide}: PendingSplit, k: number): void {
  if (smallSlot < 0) return;
  const {kernel, layout, shape, thread, u8} = state;
  const {histogram} = layout;
  const smallTotal = layout.scratch[thread]!;
  const largeTotal = smallTotal + 16;
  let first = true;
  for (let f = thread; f < shape.features; f += shape.threads) {
    if (u8[layout.allowed + f] === 0) continue;
    const at = f * FEATURE_HISTOGRAM;
    const small = layout.pool + smallSlot * histogram + at;
    for (let t = 1; t < shape.threads; t++) kernel.addHistogram(small, layout.partials[t]! + k * histogram + at, 256);
    if (first) kernel.total(small, smallTotal);
    scanFeature(state, small, smallTotal, f, 2 * k + smallSide);
    if (parentSlot >= 0) {
      const large = layout.pool + parentSlot * histogram + at;
      kernel.subtractHistogram(large, small, 256);
      if (first) kernel.total(large, largeTotal);
      scanFeature(state, large, largeTotal, f, 2 * k + 1 - smallSide);
    }
    first = false;
  }
}

function scanFeature(state: TreeThread, histogram: number, node: number, f: number, side: number): void {
  const {kernel, layout, shape, parameters, numbers, i32, f64} = state;
  const {l2, minRowsInLeaf: minRows, minHessianInLeaf: minHessian, categorySmoothing: smoothing} = parameters;
  const gUnit = numbers[NUMBER.gUnit]!;
  const hUnit = numbers[NUMBER.hUnit]!;
  const out = layout.results + (side * shape.features + f) * SCAN_RESULT * 8;
  const bins = i32[layout.binCounts / 4 + f]!;
  if (shape.codes[f] === 0) {
    kernel.scan(histogram, bins, node, gUnit, hUnit, l2, minRows, minHessian, out);
    return;
  }
  const split = categorySplit(readBins(i32, histogram, bins), {gUnit, hUnit, l2, minRows, minHessian, smoothing});
  f64.set(split === null ? [-1] : [split.gain, 0, 0, split.g, split.h, split.rows], out / 8);
}
