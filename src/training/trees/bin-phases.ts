import {sampleIndices, seededRandom} from '../../math/index.ts';
import {loadModel} from '../../models/index.ts';
import type {Phases} from '../threads/team.ts';
import {columnView, type SharedColumns} from '../training-set.ts';
import {categoryBins} from './category-bins.ts';
import {numericEdges} from './numeric-edges.ts';
import {NUMBER, ownRange, ROW_BLOCK} from './tree-layout.ts';
import type {TreeThread} from './tree-thread.ts';

/** Training rows whose values decide the bin edges. */
const SAMPLE = 50_000;
const MISSING_BIN = 255;

/** Phases that turn float features into bins and set the first scores. Afterwards the floats are not needed. */
export function binPhases(state: TreeThread, columns: SharedColumns): Phases {
  let views: Float32Array[] = Array.from({length: columns.features}, (_, f) => columnView(columns, f));
  return [
    () => findBins(state, views),
    () => assignBins(state, views),
    () => {
      startScores(state, views);
      views = [];
    },
  ];
}

/** Edges or category bins of every `threads`-th feature. */
function findBins({layout, shape, parameters, seed, thread, u8, i32, f32}: TreeThread, views: Float32Array[]): void {
  const rows = sampleIndices(shape.trainRows, SAMPLE, seededRandom(seed));
  const sample = new Float32Array(rows.length);
  for (let f = thread; f < shape.features; f += shape.threads) {
    const view = views[f]!;
    const codes = shape.codes[f]!;
    if (codes > 0) {
      const bins = categoryBins(view.subarray(0, shape.trainRows), codes);
      u8.set(bins, layout.codeBins + layout.codeOffsets[f]!);
      i32[layout.binCounts / 4 + f] = Math.min(codes, MISSING_BIN);
      continue;
    }
    for (let i = 0; i < rows.length; i++) sample[i] = view[rows[i]!]!;
    const edges = numericEdges(sample, parameters.maxBins);
    const at = (layout.edges + f * 1_024) / 4;
    f32.fill(Number.POSITIVE_INFINITY, at, at + 256).set(edges, at);
    i32[layout.binCounts / 4 + f] = edges.length;
  }
}

/** The bins of the thread's share of all rows, a block at a time: its bytes stay in the cache. */
function assignBins({kernel, layout, shape, thread, u8, f32}: TreeThread, views: Float32Array[]): void {
  const [first, last] = ownRange(layout.rows, thread, shape.threads);
  const values = layout.values[thread]!;
  for (let from = first; from < last; from += ROW_BLOCK) {
    const count = Math.min(ROW_BLOCK, last - from);
    for (let f = 0; f < shape.features; f++) {
      const view = views[f]!;
      let to = layout.bins + from * layout.stride + f;
      if (shape.codes[f] === 0) {
        f32.set(view.subarray(from, from + count), values / 4);
        kernel.assignBins(values, count, layout.edges + f * 1_024, to, layout.stride);
        continue;
      }
      const codeBins = layout.codeBins + layout.codeOffsets[f]!;
      for (let i = from; i < from + count; i++, to += layout.stride) {
        const code = view[i]!;
        u8[to] = Number.isNaN(code) ? MISSING_BIN : u8[codeBins + code]!;
      }
    }
  }
}

/** The base margin, or the margins of the model that training continues from. */
function startScores(state: TreeThread, views: Float32Array[]): void {
  const {layout, shape, thread, f64, init, numbers} = state;
  const [first, last] = ownRange(layout.rows, thread, shape.threads);
  const scores = layout.scores / 8;
  if (init === null) {
    f64.fill(numbers[NUMBER.base]!, scores + first, scores + last);
    return;
  }
  const model = loadModel(init);
  const row = new Float64Array(shape.features);
  for (let i = first; i < last; i++) {
    for (let f = 0; f < row.length; f++) row[f] = views[f]![i]!;
    f64[scores + i] = model.marginRow(row);
  }
}
