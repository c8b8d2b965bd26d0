/**
 * The limit laws of two goodness-of-fit statistics, both of the form Σ X_j / λ_j with X_j chi-square of
 * one degree of freedom. P(Σ X_j / λ_j > x) = 1/π Σ (-1)^(k-1) ∫ e^(-xy/2) / (y √|D(y)|) dy, y from
 * λ_(2k-1) to λ_(2k), D(y) = Π (1 - y / λ_j) (Smirnov, 1937; Anderson and Darling, 1952). Nothing
 * cancels in the tail, so that small p-values keep their digits.
 */

const nodes = 64;
const mostIntervals = 200;

/**
 * P(ω² > x) for the limit of the Cramér-von Mises statistic: λ_j = j²π², D(y) = sin √y / √y. With
 * √y = (2k - 1)π + o the integrand is 2 e^(-xy/2) / √(√y sin o).
 */
export function cramerVonMisesSurvival(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0.003) return 1; // within 1e-17
  return series((k, offset) => {
    const root = (2 * k - 1) * Math.PI + offset;
    return (2 / Math.sqrt(root)) * Math.exp((-x * root * root) / 2);
  });
}

/**
 * P(A² > x) for the limit of the Anderson-Darling statistic: λ_j = j(j + 1), D(y) = -cos(πs/2) / (πy)
 * with s = √(1 + 4y) = 4k - 1 + 2o/π.
 */
export function andersonDarlingSurvival(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0.02) return 1; // within 1e-25
  return series((k, offset) => {
    const s = 4 * k - 1 + (2 * offset) / Math.PI;
    const y = (s * s - 1) / 4;
    return (s / Math.sqrt(Math.PI * y)) * Math.exp((-x * y) / 2);
  });
}

/** 1/π Σ (-1)^(k-1) ∫ integrand(k, o) / √(sin o) do over [0, π]: Gauss and Chebyshev's rule suits the poles at both ends. */
function series(integrand: (k: number, offset: number) => number): number {
  let survival = 0;
  for (let k = 1; k <= mostIntervals; k++) {
    let sum = 0;
    for (let node = 0; node < nodes; node++) {
      const offset = (Math.PI / 2) * (1 - Math.cos(((node + 0.5) * Math.PI) / nodes));
      sum += integrand(k, offset) * Math.sqrt((offset * (Math.PI - offset)) / Math.sin(offset));
    }
    survival += k % 2 === 1 ? sum / nodes : -sum / nodes;
    if (sum / nodes < survival * 1e-17) break;
  }
  return Math.min(1, Math.max(0, survival));
}
