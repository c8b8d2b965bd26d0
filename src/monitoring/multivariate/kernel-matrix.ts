/** The RBF kernel between all pairs of rows. */

import {quantile} from '../../math/index.ts';
import {type PointSet, squaredDistance} from './point-set.ts';

export type KernelMatrix = {
  readonly rows: number;
  /** Row `i` holds its kernel with rows 0 to i − 1, from `i (i − 1) / 2` on. */
  readonly below: Float64Array;
  /** Median of the squared distances: the width of the kernel. */
  readonly width: number;
};

/** Rows whose distances give the median: 80,000 pairs. */
const MEDIAN_ROWS = 400;
/** Pairs between two turns of the event loop. */
const PAIRS_PER_TURN = 200_000;

/** exp(−d² / median d²): the median heuristic (Gretton et al., JMLR 13, 2012). The event loop gets turns meanwhile. */
export async function kernelMatrix(points: PointSet): Promise<KernelMatrix> {
  const {rows} = points;
  const width = medianDistance(points) || 1;
  const below = new Float64Array((rows * (rows - 1)) / 2);
  let since = 0;
  for (let i = 1, at = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) below[at++] = Math.exp(-squaredDistance(points, i, j) / width);
    since += i;
    if (since < PAIRS_PER_TURN) continue;
    since = 0;
    await new Promise(resolve => setImmediate(resolve));
  }
  return {rows, below, width};
}

/** Over all pairs of at most 400 rows, evenly spaced. */
function medianDistance(points: PointSet): number {
  const step = Math.max(1, points.rows / MEDIAN_ROWS);
  const chosen = Array.from({length: Math.min(points.rows, MEDIAN_ROWS)}, (_, k) => Math.floor(k * step));
  const squares: number[] = [];
  for (const [k, i] of chosen.entries())
    for (const j of chosen.slice(0, k)) squares.push(squaredDistance(points, i, j));
  return quantile(squares, 0.5);
}
