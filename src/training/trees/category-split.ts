import {RARE_BIN} from './category-bins.ts';

/** One bin of a wide histogram: sums of quantised derivatives, and rows. */
export type BinSum = {readonly bin: number; readonly g: number; readonly h: number; readonly rows: number};

export type CategoryRules = {
  readonly gUnit: number;
  readonly hUnit: number;
  readonly l2: number;
  readonly minRows: number;
  readonly minHessian: number;
  readonly smoothing: number;
};

export type CategorySplit = {
  /** GL²/(HL+l2) + GR²/(HR+l2), each l2 raised by the smoothing. */
  readonly gain: number;
  /** Bins that go left: the smaller group, so that sets stay short. Every other bin goes right. */
  readonly bins: readonly number[];
  readonly g: number;
  readonly h: number;
  readonly rows: number;
};

const MISSING = 255;

/** The bins of a feature that hold rows. `i32` views the histogram: g as i64, then rows and h as u32. */
export function readBins(i32: Int32Array, histogram: number, count: number): BinSum[] {
  const sums: BinSum[] = [];
  for (let bin = 0; bin < 256; bin = bin + 1 === count ? MISSING : bin + 1) {
    const at = histogram / 4 + bin * 4;
    const rows = i32[at + 2]! >>> 0;
    if (rows > 0) sums.push({bin, g: i32[at + 1]! * 4_294_967_296 + (i32[at]! >>> 0), h: i32[at + 3]! >>> 0, rows});
  }
  return sums;
}

/**
 * Best division of categories into two groups. Ordered by mean derivative, the best one is a prefix (Fisher,
 * "On grouping for maximum homogeneity", 1958; exact for squared loss, to second order for others). Before
 * ordering every category gets `smoothing` rows of the node's average. Missing is one more category. Null if
 * no division is allowed.
 */
export function categorySplit(sums: readonly BinSum[], rules: CategoryRules): CategorySplit | null {
  const {gUnit, hUnit, minRows, minHessian, smoothing} = rules;
  const G = total(sums, 'g');
  const H = total(sums, 'h');
  const rows = total(sums, 'rows');
  const slope = (sum: BinSum) => (sum.g + (smoothing * G) / rows) / (sum.h + (smoothing * H) / rows);
  const order = sums
    .filter(({bin}) => bin !== RARE_BIN)
    .map(sum => ({sum, slope: slope(sum)}))
    .sort((a, b) => a.slope - b.slope || a.sum.bin - b.sum.bin)
    .map(({sum}) => sum);
  const l2 = rules.l2 + (smoothing * H * hUnit) / rows;
  const term = (g: number, h: number) => (g * gUnit) ** 2 / (h * hUnit + l2);
  let best = -1;
  let length = 0;
  let g = 0;
  let h = 0;
  let left = 0;
  for (let k = 0; k < order.length; k++) {
    g += order[k]!.g;
    h += order[k]!.h;
    left += order[k]!.rows;
    if (left < minRows || h * hUnit < minHessian) continue;
    if (rows - left < minRows || (H - h) * hUnit < minHessian || left === rows) break;
    const gain = term(g, h) + term(G - g, H - h);
    if (gain > best) {
      best = gain;
      length = k + 1;
    }
  }
  if (best < 0) return null;
  const flip = order.length === sums.length && length * 2 > order.length;
  const group = flip ? order.slice(length) : order.slice(0, length);
  return {
    gain: best,
    bins: group.map(({bin}) => bin),
    g: total(group, 'g'),
    h: total(group, 'h'),
    rows: total(group, 'rows'),
  };
}

function total(sums: readonly BinSum[], key: 'g' | 'h' | 'rows'): number {
  let sum = 0;
  for (const entry of sums) sum += entry[key];
  return sum;
}
