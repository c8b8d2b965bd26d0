/** Eigenvalues and eigenvectors of a real symmetric matrix: what principal components are made of. */

export type SymmetricEigen = {
  /** Largest first. */
  readonly values: Float64Array;
  /** Unit vectors: that of `values[k]` stands from `k × size` on, its largest component above 0. */
  readonly vectors: Float64Array;
};

/** Iterations for one eigenvalue; two are usual. */
const MOST_ITERATIONS = 60;

/**
 * All of them, for a `size` × `size` matrix given row by row; only its lower triangle is read. Householder's reduction
 * to three diagonals, then QL with implicit shifts (Martin, Reinsch and Wilkinson, 1968; Dubrulle, 1970): about
 * 3 size³ steps, accurate to the rounding of the largest value. Throws RangeError for what is not finite.
 */
export function symmetricMatrixEigen(matrix: Float64Array, size: number): SymmetricEigen {
  if (matrix.length !== size * size || !matrix.every(Number.isFinite))
    throw new RangeError(`a matrix of ${size} × ${size} finite numbers is needed, got ${matrix.length} numbers`);
  const rows = Array.from({length: size}, (_, i) => matrix.slice(i * size, (i + 1) * size));
  const {diagonal, beside} = tridiagonal(rows);
  const basis = transpose(rows);
  rotateToDiagonal(diagonal, beside, basis);
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, k) => {
    const vector = basis[from]!;
    const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    for (let i = 0; i < size; i++) vectors[k * size + i] = largest < 0 ? -vector[i]! : vector[i]!;
  });
  return {values: Float64Array.from(order, from => diagonal[from]!), vectors};
}

/** Reflects `rows` to three diagonals, last row first; leaves the product of all reflections in `rows`. */
function tridiagonal(rows: Float64Array[]): {diagonal: Float64Array; beside: Float64Array} {
  const size = rows.length;
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  for (let i = size - 1; i > 0; i--) {
    const row = rows[i]!;
    let norm = 0;
    for (let k = 0; k < i - 1; k++) norm = Math.max(norm, Math.abs(row[k]!));
    if (norm === 0) {
      beside[i] = row[i - 1]!;
      continue;
    }
    norm = Math.max(norm, Math.abs(row[i - 1]!));
    for (let k = 0; k < i; k++) row[k]! /= norm; // whose square neither vanishes nor overflows
    diagonal[i] = reflect(rows, i, beside);
    beside[i]! *= norm;
  }
  accumulate(rows, diagonal);
  return {diagonal, beside};
}

/** Makes row `i` zero left of its neighbour, and the rest of the matrix follow; returns half of |u|². */
function reflect(rows: Float64Array[], i: number, beside: Float64Array): number {
  const u = rows[i]!;
  let squares = 0;
  for (let k = 0; k < i; k++) squares += u[k]! ** 2;
  const last = u[i - 1]!;
  const length = last >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  beside[i] = length;
  const half = squares - last * length;
  u[i - 1] = last - length;
  const p = new Float64Array(i);
  for (let j = 0; j < i; j++) {
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += rows[j]![k]! * u[k]!;
    for (let k = j + 1; k < i; k++) sum += rows[k]![j]! * u[k]!;
    p[j] = sum / half;
  }
  let along = 0;
  for (let k = 0; k < i; k++) along += u[k]! * p[k]!;
  for (let j = 0; j < i; j++) p[j]! -= (along / (2 * half)) * u[j]!;
  for (let j = 0; j < i; j++) {
    const row = rows[j]!;
    for (let k = 0; k <= j; k++) row[k]! -= u[j]! * p[k]! + p[j]! * u[k]!;
  }
  return half;
}

/** The product of the reflections, in place of the vectors that they are of; the diagonal takes the place of |u|² / 2. */
function accumulate(rows: Float64Array[], diagonal: Float64Array): void {
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    const u = rows[i]!;
    const half = diagonal[i]!;
    if (half !== 0) {
      const sums = new Float64Array(i);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) sums[j]! += u[k]! * rows[k]![j]!;
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) rows[k]![j]! -= (u[k]! / half) * sums[j]!;
    }
    diagonal[i] = u[i]!;
    for (let k = 0; k < i; k++) {
      u[k] = 0;
      rows[k]![i] = 0;
    }
    u[i] = 1;
  }
}

/** QL with implicit shifts on three diagonals; `basis[k]` becomes the vector of `diagonal[k]`. */
function rotateToDiagonal(diagonal: Float64Array, besides: Float64Array, basis: readonly Float64Array[]): void {
  const size = diagonal.length;
  const beside = new Float64Array(size);
  beside.set(besides.subarray(1));
  for (let l = 0; l < size; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      while (
        m < size - 1 &&
        Math.abs(beside[m]!) > Number.EPSILON * (Math.abs(diagonal[m]!) + Math.abs(diagonal[m + 1]!))
      )
        m++;
      if (m === l) break;
      if (iteration === MOST_ITERATIONS) throw new RangeError('the eigenvalues did not converge');
      sweep(diagonal, beside, basis, l, m);
    }
  }
}

/** One chase of the bulge from row `m` up to row `l`. */
function sweep(
  diagonal: Float64Array,
  beside: Float64Array,
  basis: readonly Float64Array[],
  l: number,
  m: number,
): void {
  const gap = (diagonal[l + 1]! - diagonal[l]!) / (2 * beside[l]!);
  let g = diagonal[m]! - diagonal[l]! + beside[l]! / (gap + Math.sign(gap || 1) * Math.hypot(gap, 1));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const length = Math.hypot(f, g);
    beside[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1]! -= shift;
      beside[m] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = diagonal[i + 1]! - shift;
    const turned = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * turned;
    diagonal[i + 1] = g + shift;
    g = cosine * turned - b;
    const [low, high] = [basis[i]!, basis[i + 1]!];
    for (let k = 0; k < low.length; k++) {
      const above = high[k]!;
      high[k] = sine * low[k]! + cosine * above;
      low[k] = cosine * low[k]! - sine * above;
    }
  }
  diagonal[l]! -= shift;
  beside[l] = g;
  beside[m] = 0;
}

function transpose(rows: readonly Float64Array[]): Float64Array[] {
  return rows.map((_, j) => Float64Array.from(rows, row => row[j]!));
}
