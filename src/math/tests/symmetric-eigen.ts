/**
 * Eigenvalues of a small symmetric matrix and the matrix of its eigenvectors, one a column: cyclic
 * rotations (Jacobi, 1846), accurate to the last digits. For a few rows; the order is arbitrary.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): {values: number[]; vectors: number[][]} {
  const size = matrix.length;
  const a = matrix.map(row => [...row]);
  const vectors = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 50 && offDiagonal(a) > 0; sweep++)
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  return {values: a.map((row, i) => row[i]!), vectors};
}

/** Turns the plane of axes `p` and `q` so that a[p][q] becomes 0. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const off = a[p]![q]!;
  if (off === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of [...a, ...vectors]) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  }
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[p]![k]!, a[q]![k]!];
    a[p]![k] = cosine * x - sine * y;
    a[q]![k] = sine * x + cosine * y;
  }
  a[p]![q] = 0;
  a[q]![p] = 0;
}

function offDiagonal(a: readonly (readonly number[])[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < i; j++) sum += a[i]![j]! ** 2;
  return sum;
}
