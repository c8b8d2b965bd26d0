/**
 * P(K > x) for the limit distribution of the Kolmogorov-Smirnov statistic, √n D.
 * Two series of the same function (Feller, 1948): the alternating one converges fast for large x,
 * its theta transform for small x.
 */
export function kolmogorovSurvival(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x <= 0.04) return 1; // the first term of the sum below is under 1e-300
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 7; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 7; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
