// The inner loops of histogram gradient boosting, in AssemblyScript (WebAssembly with SIMD).
// They own no memory: every pointer is an offset into one shared memory laid out by the caller.
//
// A row's gradient is one 64-bit integer, g * 2^37 + h * 2^14 + 1, with |g| <= 8191 (a first derivative),
// 0 <= h <= 1023 (a second derivative) and 1 (a count). Adding such integers adds the three sums at once,
// and none overflows into the next within BLOCK rows. After each block the sums move to a wide histogram of
// 16 bytes per bin: sum of g as i64, then count and sum of h as two u32. Integer sums do not depend on the
// order of rows, hence not on how rows are divided between threads.

const BLOCK: i32 = 8192;
const TILE: i32 = 2048;
const BINS: i32 = 256;
const MISSING: i32 = 255;

/**
 * Histograms of all features over the listed rows, replacing `wide` (4 KiB a feature).
 * rows: u32 each; bins: row-major bytes, `stride` a row (a multiple of 8); gradients: packed, by row;
 * tile: room for TILE rows of bins and gradients; narrow: 2 KiB of zeros a feature, left so.
 */
export function histogram(
  rows: usize, count: i32, bins: usize, stride: i32, gradients: usize, tile: usize, narrow: usize, wide: usize,
  features: i32,
): void {
  memory.fill(wide, 0, <usize>features << 12);
  for (let done: i32 = 0; done < count; ) {
    const size = min(TILE, count - done);
    const from = rows + (<usize>done << 2);
    const first = load<u32>(from);
    let rowBins = bins + <usize>first * stride;
    let rowGradients = gradients + (<usize>first << 3);
    if (load<u32>(from + (<usize>(size - 1) << 2)) - first != size - 1) {
      rowBins = tile + (TILE << 3);
      rowGradients = tile;
      gather(from, size, bins, stride, gradients, rowBins, rowGradients);
    }
    for (let f = 0; f < features; f += 8)
      accumulate(rowBins + f, rowGradients, size, stride, narrow + (<usize>f << 11), min(8, features - f));
    done += size;
    if (done % BLOCK == 0 || done == count) widen(narrow, wide, features << 8);
  }
}

/** Copies scattered rows side by side: independent loads, so that cache misses overlap. */
function gather(
  rows: usize, count: i32, bins: usize, stride: i32, gradients: usize, toBins: usize, toGradients: usize,
): void {
  const end = rows + (<usize>count << 2);
  const wide = stride & ~15;
  for (; rows < end; rows += 4) {
    const row = <usize>load<u32>(rows);
    store<i64>(toGradients, load<i64>(gradients + (row << 3)));
    toGradients += 8;
    const from = bins + row * stride;
    for (let i = 0; i < wide; i += 16) v128.store(toBins + i, v128.load(from + i));
    if (wide != stride) store<i64>(toBins + wide, load<i64>(from + wide));
    toBins += stride;
  }
}

/** Adds rows that lie side by side to the narrow histograms of `width` (1 to 8) features. */
function accumulate(bins: usize, gradients: usize, count: i32, stride: i32, hist: usize, width: i32): void {
  if (width == 8) {
    accumulate8(bins, gradients, count, stride, hist);
    return;
  }
  let rest = width;
  if (rest >= 4) {
    accumulate4(bins, gradients, count, stride, hist);
    bins += 4;
    hist += 8192;
    rest -= 4;
  }
  if (rest >= 2) {
    accumulate2(bins, gradients, count, stride, hist);
    bins += 2;
    hist += 4096;
    rest -= 2;
  }
  if (rest == 1) accumulate1(bins, gradients, count, stride, hist);
}

// @ts-ignore: decorator
@inline
function add(hist: usize, offset: usize, gradient: i64): void {
  const at = hist + offset;
  store<i64>(at, load<i64>(at) + gradient);
}

function accumulate8(bins: usize, gradients: usize, count: i32, stride: i32, hist: usize): void {
  const end = gradients + (<usize>count << 3);
  for (; gradients < end; gradients += 8) {
    const g = load<i64>(gradients);
    const lo = load<u32>(bins);
    const hi = load<u32>(bins, 4);
    add(hist, (lo << 3) & 0x7f8, g);
    add(hist + 2048, (lo >> 5) & 0x7f8, g);
    add(hist + 4096, (lo >> 13) & 0x7f8, g);
    add(hist + 6144, (lo >> 21) & 0x7f8, g);
    add(hist + 8192, (hi << 3) & 0x7f8, g);
    add(hist + 10240, (hi >> 5) & 0x7f8, g);
    add(hist + 12288, (hi >> 13) & 0x7f8, g);
    add(hist + 14336, (hi >> 21) & 0x7f8, g);
    bins += stride;
  }
}

function accumulate4(bins: usize, gradients: usize, count: i32, stride: i32, hist: usize): void {
  const end = gradients + (<usize>count << 3);
  for (; gradients < end; gradients += 8) {
    const g = load<i64>(gradients);
    const lo = load<u32>(bins);
    add(hist, (lo << 3) & 0x7f8, g);
    add(hist + 2048, (lo >> 5) & 0x7f8, g);
    add(hist + 4096, (lo >> 13) & 0x7f8, g);
    add(hist + 6144, (lo >> 21) & 0x7f8, g);
    bins += stride;
  }
}

function accumulate2(bins: usize, gradients: usize, count: i32, stride: i32, hist: usize): void {
  const end = gradients + (<usize>count << 3);
  for (; gradients < end; gradients += 8) {
    const g = load<i64>(gradients);
    const lo = <u32>load<u16>(bins);
    add(hist, (lo << 3) & 0x7f8, g);
    add(hist + 2048, (lo >> 5) & 0x7f8, g);
    bins += stride;
  }
}

function accumulate1(bins: usize, gradients: usize, count: i32, stride: i32, hist: usize): void {
  const end = gradients + (<usize>count << 3);
  for (; gradients < end; gradients += 8) {
    add(hist, <usize>load<u8>(bins) << 3, load<i64>(gradients));
    bins += stride;
  }
}

/** Moves the sums of a block to the wide histogram and clears the narrow one. */
function widen(narrow: usize, wide: usize, entries: i32): void {
  const end = narrow + (<usize>entries << 3);
  const zero = i64x2.splat(0);
  for (; narrow < end; narrow += 16) {
    const pair = v128.load(narrow);
    if (v128.any_true(pair)) {
      v128.store(narrow, zero);
      unpack(i64x2.extract_lane(pair, 0), wide);
      unpack(i64x2.extract_lane(pair, 1), wide + 16);
    }
    wide += 32;
  }
}

// @ts-ignore: decorator
@inline
function unpack(sum: i64, to: usize): void {
  const counts = (((sum >> 14) & 0x7fffff) << 32) | (sum & 0x3fff);
  v128.store(to, i64x2.add(v128.load(to), i64x2.replace_lane(i64x2.splat(counts), 0, sum >> 37)));
}

/** to += from, over `entries` wide bins. */
export function addHistogram(to: usize, from: usize, entries: i32): void {
  const end = to + (<usize>entries << 4);
  for (; to < end; to += 16, from += 16) v128.store(to, i64x2.add(v128.load(to), v128.load(from)));
}

/** to -= from, over `entries` wide bins: a parent less one child is the other child. */
export function subtractHistogram(to: usize, from: usize, entries: i32): void {
  const end = to + (<usize>entries << 4);
  for (; to < end; to += 16, from += 16) v128.store(to, i64x2.sub(v128.load(to), v128.load(from)));
}

/** Sums over the bins of one feature, hence over the node's rows: a wide bin written to `out`. */
export function total(wide: usize, out: usize): void {
  let sum = i64x2.splat(0);
  for (let at = wide, end = wide + (<usize>BINS << 4); at < end; at += 16) sum = i64x2.add(sum, v128.load(at));
  v128.store(out, sum);
}

/**
 * Best threshold of one numeric feature. `bins` value bins, then the missing bin at 255; node: a wide bin
 * with the sums over all of them.
 * Writes six f64 at `out`: gain term, bin, 1 if missing goes left, and left sums of g, h (integers) and rows.
 * The gain term is GL^2/(HL+l2) + GR^2/(HR+l2), or -1 if no split is allowed.
 */
export function scan(
  wide: usize, bins: i32, node: usize, gUnit: f64, hUnit: f64, l2: f64, minRows: u32, minHessian: f64, out: usize,
): void {
  const missing = v128.load(wide + (<usize>MISSING << 4));
  const sums = v128.load(node);
  const none = i64x2.splat(0);
  store<f64>(out, -1);
  if (<u32>i64x2.extract_lane(missing, 1) == 0) {
    direction(wide, bins - 1, none, sums, gUnit, hUnit, l2, minRows, minHessian, out, -1);
  } else {
    direction(wide, bins, none, sums, gUnit, hUnit, l2, minRows, minHessian, out, 0);
    direction(wide, bins - 1, missing, sums, gUnit, hUnit, l2, minRows, minHessian, out, 1);
  }
}

/** One pass over the thresholds. missingLeft: -1 for the larger side, else as said. No division but on a new best. */
function direction(
  wide: usize, bins: i32, left: v128, sums: v128, gUnit: f64, hUnit: f64, l2: f64, minRows: u32, minHessian: f64,
  out: usize, missingLeft: i32,
): void {
  const all = <i64>i64x2.extract_lane(sums, 1);
  const rows = <u32>all;
  const H = <u32>(all >>> 32);
  const G = i64x2.extract_lane(sums, 0);
  const least = minHessian + l2;
  let best = load<f64>(out);
  let found = -1;
  let bestLeft = left;
  for (let bin = 0; bin < bins; bin++) {
    const entry = v128.load(wide + (<usize>bin << 4));
    if (i32x4.extract_lane(entry, 2) == 0) continue;
    left = i64x2.add(left, entry);
    const leftRows = <u32>i32x4.extract_lane(left, 2);
    if (leftRows < minRows) continue;
    if (rows - leftRows < minRows) break;
    const leftH = <u32>i32x4.extract_lane(left, 3);
    const leftG = i64x2.extract_lane(left, 0);
    const hl = <f64>leftH * hUnit + l2;
    const hr = <f64>(H - leftH) * hUnit + l2;
    if (hl < least || hr < least) continue;
    const gl = <f64>leftG * gUnit;
    const gr = <f64>(G - leftG) * gUnit;
    const numerator = gl * gl * hr + gr * gr * hl;
    const denominator = hl * hr;
    if (numerator > best * denominator) {
      best = numerator / denominator;
      found = bin;
      bestLeft = left;
    }
  }
  if (found < 0) return;
  const counts = <i64>i64x2.extract_lane(bestLeft, 1);
  const leftRows = <u32>counts;
  store<f64>(out, best);
  store<f64>(out, <f64>found, 8);
  store<f64>(out, missingLeft < 0 ? (leftRows * 2 >= rows ? 1 : 0) : <f64>missingLeft, 16);
  store<f64>(out, <f64>i64x2.extract_lane(bestLeft, 0), 24);
  store<f64>(out, <f64>(counts >>> 32), 32);
  store<f64>(out, <f64>leftRows, 40);
}

/**
 * Stable partition of the listed rows by `goesLeft[bin]` (256 bytes): left rows first. Returns how many went left.
 * bins: at the feature of the split; spare: room for `count` u32.
 */
export function partition(rows: usize, count: i32, bins: usize, stride: u32, goesLeft: usize, spare: usize): i32 {
  const end = rows + (<usize>count << 2);
  let to = rows;
  let other = spare;
  for (let at = rows; at < end; at += 4) {
    const row = load<u32>(at);
    const isLeft = <usize>load<u8>(goesLeft + <usize>load<u8>(bins + row * stride));
    store<u32>(to, row);
    store<u32>(other, row);
    to += isLeft << 2;
    other += 4 - (isLeft << 2);
  }
  memory.copy(to, spare, other - spare);
  return <i32>((to - rows) >> 2);
}

/**
 * Adds to scores[from..to) (f64) the value of the leaf that each row reaches. nodes: 16 bytes each: i32 feature
 * (-1 at a leaf), i32 left, i32 right, f32 value; tables: 256 bytes a node, as in `partition`.
 */
export function route(
  bins: usize, stride: i32, from: i32, to: i32, nodes: usize, tables: usize, scores: usize,
): void {
  for (let row = from; row < to; row++) {
    const at = bins + <usize>row * stride;
    let node: usize = 0;
    for (;;) {
      const entry = nodes + (node << 4);
      const feature = load<i32>(entry);
      if (feature < 0) {
        const score = scores + (<usize>row << 3);
        store<f64>(score, load<f64>(score) + <f64>load<f32>(entry, 12));
        break;
      }
      const left = load<u8>(tables + (node << 8) + <usize>load<u8>(at + feature));
      node = <usize>load<i32>(entry + (left ? 0 : 4), 4);
    }
  }
}

/**
 * Derivatives of the log loss for rows [from, to), an even number of them: pairs of f32 (p - y, p (1 - p)).
 * scores, labels: f64 by row. Raises the two f64 at `peaks` to the largest |g| and h, and writes at `likelihood`
 * the product of the probabilities of the labels as two mantissas (f64) and two exponents (i64).
 */
export function logisticGradients(
  scores: usize, labels: usize, gradients: usize, from: u32, to: u32, peaks: usize, likelihood: usize,
): void {
  const one = f64x2.splat(1);
  let mostG = f64x2.splat(load<f64>(peaks));
  let mostH = f64x2.splat(load<f64>(peaks, 8));
  let product = one;
  let exponents = i64x2.splat(0);
  for (let row = from; row < to; row += 2) {
    const p = f64x2.div(one, f64x2.add(one, exp(f64x2.neg(v128.load(scores + (<usize>row << 3))))));
    const g = f64x2.sub(p, v128.load(labels + (<usize>row << 3)));
    const h = f64x2.max(f64x2.mul(p, f64x2.sub(one, p)), f64x2.splat(1e-16));
    const size = f64x2.abs(g);
    mostG = f64x2.max(mostG, size);
    mostH = f64x2.max(mostH, h);
    const pair = v128.shuffle<f32>(f32x4.demote_f64x2_zero(g), f32x4.demote_f64x2_zero(h), 0, 4, 1, 5);
    v128.store(gradients + (<usize>row << 3), pair);
    product = f64x2.mul(product, f64x2.max(f64x2.sub(one, size), f64x2.splat(1e-16)));
    if ((row & 14) == 14) {
      // Move the exponent aside before the product can underflow.
      exponents = i64x2.add(exponents, i64x2.sub(i64x2.shr_u(product, 52), i64x2.splat(1023)));
      product = v128.or(v128.and(product, i64x2.splat(0x000fffffffffffff)), one);
    }
  }
  store<f64>(peaks, max(f64x2.extract_lane(mostG, 0), f64x2.extract_lane(mostG, 1)));
  store<f64>(peaks, max(f64x2.extract_lane(mostH, 0), f64x2.extract_lane(mostH, 1)), 8);
  v128.store(likelihood, product);
  v128.store(likelihood, exponents, 16);
}

/** e^x to a relative 1e-11: 2^k times a Taylor polynomial on |r| <= ln(2)/2. */
// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  x = f64x2.max(f64x2.min(x, f64x2.splat(700)), f64x2.splat(-700));
  const k = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(x, f64x2.mul(k, f64x2.splat(0.6931471805599453)));
  let y = f64x2.splat(1.0 / 362880);
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 40320));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 5040));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 720));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 120));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 24));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1.0 / 6));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(0.5));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1));
  y = f64x2.add(f64x2.mul(y, r), f64x2.splat(1));
  return i64x2.add(y, i64x2.shl(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), 52));
}

/**
 * Rounds pairs of f32 (g, h) in place to packed integers, at random up or down in proportion to the remainder,
 * so that sums stay unbiased. The chance depends on `seed` and the row number only.
 */
export function quantise(gradients: usize, from: u32, to: u32, gUnit: f32, hUnit: f32, seed: u32): void {
  const scale = f32x4(1 / gUnit, 1 / hUnit, 1 / gUnit, 1 / hUnit);
  const most = i32x4(8191, 1023, 8191, 1023);
  const least = i32x4(-8191, 0, -8191, 0);
  const one = i64x2.splat(1);
  // Lanes g, h of this row and of the next; an odd end touches one row of padding.
  let counters = i32x4.add(i32x4.splat(seed), i32x4(2 * from, 2 * from + 1, 2 * from + 2, 2 * from + 3));
  for (let row = from; row < to; row += 2) {
    let x = i32x4.mul(counters, i32x4.splat(0x9e3779b1));
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x85ebca77));
    x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(0xc2b2ae3d));
    // 1/2048, 3/2048, … 2047/2048: fine enough, and a sum with a whole number is exact in float32.
    const draw = f32x4.add(f32x4.convert_i32x4_u(i32x4.shr_u(x, 22)), f32x4.splat(0.5));
    const chance = f32x4.mul(draw, f32x4.splat(1.0 / 1024));
    const at = gradients + (<usize>row << 3);
    const scaled = f32x4.floor(f32x4.add(f32x4.mul(v128.load(at), scale), chance));
    const whole = i32x4.max_s(i32x4.min_s(i32x4.trunc_sat_f32x4_s(scaled), most), least);
    const packed = i64x2.add(i64x2.shl(whole, 37), i64x2.shl(i64x2.shr_u(whole, 32), 14));
    v128.store(at, i64x2.add(packed, one));
    counters = i32x4.add(counters, i32x4.splat(4));
  }
}

/**
 * Bin of each value: the number of edges below it; 255 for NaN. `edges` holds 256 ascending f32, padded
 * with infinity; `out` receives a byte per row, `stride` apart.
 */
export function assignBins(values: usize, count: i32, edges: usize, out: usize, stride: u32): void {
  for (let i = 0; i < count; i++) {
    const x = load<f32>(values + (<usize>i << 2));
    let at: usize = edges;
    at += <usize>i32(load<f32>(at, 127 * 4) < x) << 9;
    at += <usize>i32(load<f32>(at, 63 * 4) < x) << 8;
    at += <usize>i32(load<f32>(at, 31 * 4) < x) << 7;
    at += <usize>i32(load<f32>(at, 15 * 4) < x) << 6;
    at += <usize>i32(load<f32>(at, 7 * 4) < x) << 5;
    at += <usize>i32(load<f32>(at, 3 * 4) < x) << 4;
    at += <usize>i32(load<f32>(at, 1 * 4) < x) << 3;
    at += <usize>i32(load<f32>(at) < x) << 2;
    store<u8>(out, x == x ? <i32>((at - edges) >> 2) : MISSING);
    out += stride;
  }
}
