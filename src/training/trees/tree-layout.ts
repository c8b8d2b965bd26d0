import type {TreeParameters} from '../definition.ts';

/** Bytes of one feature in a node's histogram: 256 bins of 16. */
export const FEATURE_HISTOGRAM = 4_096;
/** Rows gathered at a time by the kernel. */
const TILE = 2_048;
/** Threads own whole blocks of rows, and losses are summed per block, so that sums do not depend on the threads. */
export const ROW_BLOCK = 4_096;
/** Numbers per scan result: gain term, bin, missing goes left, left sums of g, h and rows, two spare. */
export const SCAN_RESULT = 8;

export type TreeShape = {
  readonly trainRows: number;
  readonly validationRows: number;
  readonly features: number;
  readonly weighted: boolean;
  /** Size of the vocabulary in use per categorical feature; 0 for numeric ones. */
  readonly codes: readonly number[];
  readonly threads: number;
};

/** Where everything lies in the one shared memory: byte offsets. Each thread computes the same layout. */
export type TreeLayout = ReturnType<typeof treeLayout>;

export function treeLayout(shape: TreeShape, parameters: TreeParameters) {
  const {features, threads} = shape;
  const rows = shape.trainRows + shape.validationRows;
  const stride = Math.ceil(features / 8) * 8;
  const batch = parameters.growth === 'level' ? Math.ceil(parameters.leaves / 2) : 1;
  const maxNodes = 2 * parameters.leaves;
  const ownRows = Math.ceil(shape.trainRows / ROW_BLOCK / threads) * ROW_BLOCK;
  const histogram = features * FEATURE_HISTOGRAM;
  let end = 64;
  const take = (bytes: number) => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const perThread = (bytes: number) => Array.from({length: threads}, () => take(bytes));
  let codeOffset = 0;
  const codeOffsets = shape.codes.map(count => {
    codeOffset += count;
    return codeOffset - count;
  });
  return {
    rows,
    stride,
    batch,
    histogram,
    /** 256 f32 per feature. */
    edges: take(features * 1_024),
    /** i32 per feature: bins in use beside the missing one. */
    binCounts: take(features * 4),
    /** u8 per category code: its bin. `codeOffsets` says where each feature's start. */
    codeBins: take(codeOffset),
    codeOffsets,
    /** u8 per feature: may this tree use it? */
    allowed: take(features),
    bins: take(rows * stride),
    /** Two f32 per training row, then in place one packed i64. One spare row. */
    gradients: take(shape.trainRows * 8 + 16),
    /** f64 per row: margin so far, label, weight. */
    scores: take(rows * 8),
    labels: take(rows * 8),
    weights: take(shape.weighted ? rows * 8 : 0),
    /** f64 per block of rows: its loss. Training blocks, then validation blocks. */
    blockLosses: take((Math.ceil(shape.trainRows / ROW_BLOCK) + Math.ceil(shape.validationRows / ROW_BLOCK)) * 8),
    /** f64 pairs per thread: largest |g| and h. */
    peaks: take(threads * 16),
    /** 16 bytes per node (see `route` in the kernel), then 256 bytes per node: which bins go left. */
    nodes: take(maxNodes * 16),
    tables: take(maxNodes * 256),
    maxNodes,
    /** f64 × 8 from the leader to all: see `NUMBER`. */
    numbers: take(64),
    /** i32 × 8 per split under way (see split-batch.ts), the first i32 × 8 being the head. */
    splits: take((batch + 1) * 32),
    /** f64 × 8 per (split, side, feature). */
    results: take(2 * batch * features * SCAN_RESULT * 8),
    /** Complete histograms: one for each leaf that may still be split. */
    pool: take((parameters.leaves + 1) * histogram),
    /** Histograms of a helper's own rows, one per split under way. */
    partials: Array.from({length: threads}, (_, t) => (t === 0 ? 0 : take(batch * histogram))),
    ownRows: perThread(ownRows * 4),
    spare: perThread(ownRows * 4),
    tile: perThread(TILE * (8 + stride)),
    narrow: perThread(features * 2_048),
    /** Small results of the kernel: a total, or a peak and a likelihood. */
    scratch: perThread(64),
    /** Room for one block of f32 values. */
    values: perThread(ROW_BLOCK * 4),
    /** Size of it all (evaluated last). */
    bytes: end,
  };
}

/** The rows that a thread owns: [from, to), whole blocks of `total` rows. */
export function ownRange(total: number, thread: number, threads: number): readonly [number, number] {
  const size = Math.ceil(total / ROW_BLOCK / threads) * ROW_BLOCK;
  return [Math.min(total, thread * size), Math.min(total, (thread + 1) * size)];
}

/** Places in `numbers`. */
export const NUMBER = {gUnit: 0, hUnit: 1, seed: 2, base: 3, nodes: 4} as const;
