/** The gamma function's logarithm and the regularised incomplete gamma functions. */

/**
 * ln Γ(x) for x > 0: Stirling's series (Abramowitz & Stegun 6.1.41) above 10, reached from below by
 * the recurrence Γ(x + 1) = x Γ(x). Absolute error about 1e-15 for x < 10, relative beyond.
 */
export function logGamma(x: number): number {
  let product = 1;
  while (x < 10) product *= x++;
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingTail(x) - Math.log(product);
}

/** What Stirling's formula for ln Γ(x) leaves out, for x >= 10 (Abramowitz & Stegun 6.1.42). */
export function stirlingTail(x: number): number {
  const s = 1 / (x * x);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360)))))) / x;
}

/** P(a, x), the share of a gamma distribution of shape `a` below `x`. */
export function gammaLower(a: number, x: number): number {
  if (x <= 0 || x === Infinity) return x <= 0 ? 0 : 1;
  return x < a + 1 ? series(a, x) : 1 - continuedFraction(a, x);
}

/** Q(a, x) = 1 - P(a, x), without the loss of digits in the far tail. */
export function gammaUpper(a: number, x: number): number {
  if (x <= 0 || x === Infinity) return x <= 0 ? 1 : 0;
  return x < a + 1 ? 1 - series(a, x) : continuedFraction(a, x);
}

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** P(a, x) by its power series (Abramowitz & Stegun 6.5.29). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = a + 1; term > sum * 1e-17; k++) {
    term *= x / k;
    sum += term;
  }
  return sum * density(a, x);
}

/** Q(a, x) by its continued fraction (Abramowitz & Stegun 6.5.31), evaluated as Lentz (1976) does. */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; ; k++) {
    const numerator = k * (a - k);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15 || !Number.isFinite(factor)) return fraction * a * density(a, x);
  }
}

/** xᵃ e⁻ˣ / Γ(a + 1); for a large `a` in the form that does not subtract large numbers. */
function density(a: number, x: number): number {
  if (a < 10) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  const excess = x / a - 1;
  return Math.exp(a * (Math.log1p(excess) - excess) - stirlingTail(a)) / Math.sqrt(2 * Math.PI * a);
}
