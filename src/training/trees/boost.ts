import {seededRandom, shuffle} from '../../math/index.ts';
import {growTree, type TreeNode} from './grow-tree.ts';
import {NUMBER, ROW_BLOCK} from './tree-layout.ts';
import {PHASE, type TreeThread} from './tree-thread.ts';

/** Mean losses of the model with `iteration` trees (those of the model continued from not counted). */
export type BoostProgress = {
  readonly iteration: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
};

export type BoostResult = {
  readonly base: number;
  readonly trees: readonly (readonly TreeNode[])[];
  /** Per feature: edges of a numeric one, or the bin of each code of a categorical one. */
  readonly binning: readonly (Float32Array | Uint8Array)[];
  readonly history: readonly BoostProgress[];
};

/** Largest integers that a derivative is rounded to; the kernel packs them into one word. */
const MOST_G = 8_191;
const MOST_H = 1_023;

/**
 * The leader: adds trees until there are enough, none splits, or the validation loss has not improved for
 * `earlyStoppingRounds` trees; then keeps the trees up to the best.
 */
export function boost(
  state: TreeThread,
  run: (phase: number) => void,
  report: (progress: BoostProgress) => void,
): BoostResult {
  const {parameters, numbers, seed} = state;
  const random = seededRandom(seed);
  const weights = totalWeights(state);
  const stops = parameters.earlyStoppingRounds > 0 && state.shape.validationRows > 0;
  const trees: TreeNode[][] = [];
  const history: BoostProgress[] = [];
  numbers[NUMBER.base] = baseMargin(state);
  numbers[NUMBER.nodes] = 0;
  run(PHASE.edges);
  run(PHASE.bins);
  run(PHASE.start);
  let best = 0;
  for (let iteration = 0; ; iteration++) {
    run(PHASE.gradients);
    const progress = readLosses(state, iteration, weights);
    history.push(progress);
    report(progress);
    if (stops && progress.validationLoss! < history[best]!.validationLoss!) best = iteration;
    if (iteration === parameters.trees || (stops && iteration - best >= parameters.earlyStoppingRounds)) break;
    setUnits(state);
    numbers[NUMBER.seed] = random.uint32();
    chooseFeatures(state, random);
    const nodes = growTree(state, run);
    numbers[NUMBER.nodes] = nodes.length;
    if (nodes.length === 1 && parameters.rowShare === 1 && parameters.columnShare === 1) break;
    trees.push(nodes);
  }
  const kept = stops ? trees.slice(0, best) : trees;
  return {base: numbers[NUMBER.base]!, trees: kept, binning: readBinning(state), history};
}

function baseMargin({layout, shape, loss, f64}: TreeThread): number {
  const view = (at: number) => f64.subarray(at / 8, at / 8 + shape.trainRows);
  return Math.fround(loss.baseMargin(view(layout.labels), shape.weighted ? view(layout.weights) : null));
}

function totalWeights({layout, shape, f64}: TreeThread): readonly [number, number] {
  if (!shape.weighted) return [shape.trainRows, shape.validationRows];
  const start = layout.weights / 8;
  const sum = (from: number, to: number) => f64.subarray(start + from, start + to).reduce((a, b) => a + b, 0);
  return [sum(0, shape.trainRows), sum(shape.trainRows, layout.rows)];
}

function readLosses(
  {layout, shape, f64}: TreeThread,
  iteration: number,
  weights: readonly [number, number],
): BoostProgress {
  const start = layout.blockLosses / 8;
  const middle = start + Math.ceil(shape.trainRows / ROW_BLOCK);
  const end = middle + Math.ceil(shape.validationRows / ROW_BLOCK);
  const sum = (from: number, to: number) => f64.subarray(from, to).reduce((a, b) => a + b, 0);
  const validationLoss = shape.validationRows > 0 ? sum(middle, end) / weights[1] : null;
  return {iteration, trainLoss: sum(start, middle) / weights[0], validationLoss};
}

/** Units of quantisation from the largest derivatives of all threads. */
function setUnits({layout, shape, f64, numbers}: TreeThread): void {
  let first = 0;
  let second = 0;
  for (let t = 0; t < shape.threads; t++) {
    first = Math.max(first, f64[layout.peaks / 8 + 2 * t]!);
    second = Math.max(second, f64[layout.peaks / 8 + 2 * t + 1]!);
  }
  // Rounded to float32, as the kernel takes them. A fit without any error left needs some unit, too.
  numbers[NUMBER.gUnit] = Math.fround(Math.max(first / MOST_G, 1e-30));
  numbers[NUMBER.hUnit] = Math.fround(Math.max(second / MOST_H, 1e-30));
}

function chooseFeatures({layout, shape, parameters, u8}: TreeThread, random: () => number): void {
  const count = Math.max(1, Math.round(parameters.columnShare * shape.features));
  u8.fill(count === shape.features ? 1 : 0, layout.allowed, layout.allowed + shape.features);
  if (count === shape.features) return;
  const order = shuffle(
    Uint32Array.from({length: shape.features}, (_, f) => f),
    random,
  );
  for (const f of order.subarray(0, count)) u8[layout.allowed + f] = 1;
}

function readBinning({layout, shape, u8, i32, f32}: TreeThread): (Float32Array | Uint8Array)[] {
  return shape.codes.map((codes, f) => {
    const at = layout.edges / 4 + 256 * f;
    if (codes === 0) return f32.slice(at, at + i32[layout.binCounts / 4 + f]!);
    const start = layout.codeBins + layout.codeOffsets[f]!;
    return u8.slice(start, start + codes);
  });
}
