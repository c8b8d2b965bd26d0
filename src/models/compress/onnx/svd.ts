/**
 * Singular values by one-sided Jacobi rotations: simple, and accurate for small singular values too. Written here because
 * a dense-algebra package would be a dependency for one function. Cost: about ten sweeps of 3 · rows · columns² products
 * (rows ≥ columns).
 */

/** `a = u · diag(s) · vᵀ`; all matrices row by row. Singular values descend; signs of their vectors are arbitrary. */
export type Svd = {
  /** rows × rank. */
  readonly u: Float64Array;
  readonly s: Float64Array;
  /** columns × rank. */
  readonly v: Float64Array;
  /** min(rows, columns). */
  readonly rank: number;
};

const MOST_SWEEPS = 40;
/** Cosine of two columns below which they count as orthogonal. */
const TOLERANCE = 1e-14;

/** M. R. Hestenes, "Inversion of matrices by biorthogonalization and related results" (1958). */
export function svd(matrix: ArrayLike<number>, rows: number, columns: number): Svd {
  if (rows < columns) {
    const {u, v, ...rest} = svd(transposed(matrix, rows, columns), columns, rows);
    return {u: v, v: u, ...rest};
  }
  const a = Array.from({length: columns}, (_, j) =>
    Float64Array.from({length: rows}, (_, i) => matrix[i * columns + j]!),
  );
  const v = Array.from({length: columns}, (_, j) => new Float64Array(columns).fill(1, j, j + 1));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) if (!rotateAll(a, v)) break;
  const lengths = a.map(column => Math.sqrt(dot(column, column)));
  const order = [...lengths.keys()].sort((p, q) => lengths[q]! - lengths[p]!);
  const s = Float64Array.from(order, j => lengths[j]!);
  const unit = order.map((j, k) => a[j]!.map(x => (s[k]! > 0 ? x / s[k]! : 0)));
  return {
    u: beside(unit, rows),
    s,
    v: beside(
      order.map(j => v[j]!),
      columns,
    ),
    rank: columns,
  };
}

/** One sweep over all pairs of columns; false if all were orthogonal. */
function rotateAll(a: readonly Float64Array[], v: readonly Float64Array[]): boolean {
  let rotated = false;
  const squares = a.map(column => dot(column, column));
  for (let p = 0; p < a.length - 1; p++)
    for (let q = p + 1; q < a.length; q++) {
      const [x, y] = [a[p]!, a[q]!];
      const [alpha, beta] = [squares[p]!, squares[q]!];
      const gamma = dot(x, y);
      if (Math.abs(gamma) <= TOLERANCE * Math.sqrt(alpha * beta) || gamma === 0) continue;
      rotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cos = 1 / Math.hypot(1, t);
      rotate(x, y, cos, cos * t);
      squares[p] = alpha - t * gamma;
      squares[q] = beta + t * gamma;
      rotate(v[p]!, v[q]!, cos, cos * t);
    }
  return rotated;
}

function rotate(x: Float64Array, y: Float64Array, cos: number, sin: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    x[i] = cos * xi - sin * y[i]!;
    y[i] = sin * xi + cos * y[i]!;
  }
}

/** Four sums at a time: one alone waits for itself. */
function dot(x: Float64Array, y: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const even = x.length & ~3;
  for (let i = 0; i < even; i += 4) {
    a += x[i]! * y[i]!;
    b += x[i + 1]! * y[i + 1]!;
    c += x[i + 2]! * y[i + 2]!;
    d += x[i + 3]! * y[i + 3]!;
  }
  for (let i = even; i < x.length; i++) a += x[i]! * y[i]!;
  return a + b + (c + d);
}

/** Columns side by side, row by row. */
function beside(columns: readonly Float64Array[], rows: number): Float64Array {
  const out = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) out[i * columns.length + j] = column[i]!;
  });
  return out;
}

function transposed(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j]!;
  return out;
}
