import type {Phases} from '../threads/team.ts';
import {kernelLogLoss} from './kernel-log-loss.ts';
import {type LossRows, logLoss, type Peak} from './loss.ts';
import {NUMBER, ownRange, ROW_BLOCK} from './tree-layout.ts';
import type {TreeThread} from './tree-thread.ts';

/** One phase: add the last tree to the scores, then losses and derivatives at the new scores. */
export function gradientPhases(state: TreeThread): Phases {
  const {layout, shape, f64, first, last, thread, loss} = state;
  const view = (at: number) => f64.subarray(at / 8, at / 8 + layout.rows);
  const rows: LossRows = {
    scores: view(layout.scores),
    labels: view(layout.labels),
    weights: shape.weighted ? view(layout.weights) : null,
    gradients: state.f32.subarray(layout.gradients / 4, layout.gradients / 4 + 2 * shape.trainRows),
  };
  const gradients = loss === logLoss && !shape.weighted ? kernelLogLoss(state) : loss.gradients;
  const losses = layout.blockLosses / 8;
  const validationLosses = losses + Math.ceil(shape.trainRows / ROW_BLOCK);
  const [from, to] = ownRange(shape.validationRows, thread, shape.threads);
  return [
    () => {
      addTree(state, rows.scores, shape.trainRows + from, shape.trainRows + to);
      const peak: Peak = {first: 0, second: 0};
      for (let start = first; start < last; start += ROW_BLOCK)
        f64[losses + start / ROW_BLOCK] = gradients(rows, start, Math.min(last, start + ROW_BLOCK), peak);
      for (let start = from; start < to; start += ROW_BLOCK) {
        const end = Math.min(to, start + ROW_BLOCK);
        f64[validationLosses + start / ROW_BLOCK] = loss.sum(rows, shape.trainRows + start, shape.trainRows + end);
      }
      f64[layout.peaks / 8 + 2 * thread] = peak.first;
      f64[layout.peaks / 8 + 2 * thread + 1] = peak.second;
    },
  ];
}

function addTree(state: TreeThread, scores: Float64Array, validationFrom: number, validationTo: number): void {
  const {kernel, layout, parameters, first, last, thread, i32, f32, numbers, nodeStart, nodeRows} = state;
  const nodes = numbers[NUMBER.nodes]!;
  if (nodes === 0) return;
  const {bins, stride, tables} = layout;
  kernel.route(bins, stride, validationFrom, validationTo, layout.nodes, tables, layout.scores);
  if (parameters.rowShare < 1) {
    kernel.route(bins, stride, first, last, layout.nodes, tables, layout.scores);
    return;
  }
  // Every row is in the list of its leaf: no need to walk.
  const own = layout.ownRows[thread]! / 4;
  for (let node = 0; node < nodes; node++) {
    const at = layout.nodes / 4 + 4 * node;
    if (i32[at]! >= 0) continue;
    const value = f32[at + 3]!;
    const start = own + nodeStart[node]!;
    for (let k = start; k < start + nodeRows[node]!; k++) scores[i32[k]!]! += value;
  }
}
