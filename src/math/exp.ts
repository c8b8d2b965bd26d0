/**
 * e^x in float64 arithmetic alone: the same bits on every JavaScript engine, which `Math.exp` does not promise (that of
 * Chromium 156 differs from that of Node 20 in the last bit of one value in ten). Below one unit in the last place.
 *
 * The method is that of fdlibm (Sun Microsystems, 1993), whose constants it takes: x = k ln 2 + r with |r| <= ln 2 / 2,
 * and e^r from a rational approximation, R(r²) = r (e^r + 1) / (e^r - 1) ≈ 2 + P1 r² + … + P5 r¹⁰ (Remez).
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 6.613756321437934e-5;
const P4 = -1.6533902205465252e-6;
const P5 = 4.1381367970572385e-8;

/** Above it e^x is infinite, below the other it is 0. */
const HIGHEST = 709.782712893384;
const LOWEST = -745.1332191019411;
const TINY = 2 ** -28;
/** About ln 2 / 2 and 3 ln 2 / 2, where fdlibm looks at the upper half of the number only. */
const HALF_LN2 = 0.3465735912322998;
const THREE_HALVES_LN2 = 1.0397205352783203;

/** Powers of 2 from the smallest that is not denormal, 2^-1022, on; made by doubling, which is exact. */
const SMALLEST = -1_022;
const POWERS = new Float64Array(1_023 - SMALLEST + 1);
for (let k = SMALLEST, power = 2.2250738585072014e-308; k <= 1_023; k++, power *= 2) POWERS[k - SMALLEST] = power;
/** A result below 2^SMALLEST is made in two steps, so that it is rounded once. */
const DEEP = 1_000;

export function exp(x: number): number {
  const size = x < 0 ? -x : x;
  if (!(size < 709)) {
    if (Number.isNaN(x)) return x;
    if (x > HIGHEST) return Number.POSITIVE_INFINITY;
    if (x < LOWEST) return 0;
  }
  if (size < TINY) return 1 + x;
  // The one value that people know by heart, where the approximation is a bit off.
  if (x === 1) return Math.E;
  if (size < HALF_LN2) {
    const square = x * x;
    const c = x - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
    return 1 - ((x * c) / (c - 2) - x);
  }
  const sign = x < 0 ? -1 : 1;
  const k = size < THREE_HALVES_LN2 ? sign : Math.trunc(INVERSE_LN2 * x + 0.5 * sign);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const square = r * r;
  const c = r - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k > 1_023) return y * 2 * POWERS[1_023 - SMALLEST]!;
  if (k > SMALLEST) return y * POWERS[k - SMALLEST]!;
  return (y * POWERS[k + DEEP - SMALLEST]!) / 2 ** DEEP;
}
