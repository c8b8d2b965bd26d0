import {createHash} from 'node:crypto';
import {describe, expect, test} from 'vitest';
import {exp} from './exp.ts';
import {seededRandom} from './random.ts';

/** e^x in fixed point: a Taylor series of BigInts with 128 bits after the point, the argument taken exactly. */
function exact(x: number): number {
  const ONE = 1n << 128n;
  // x = whole / 2^80, exactly, for numbers of a size between 2^-27 and 2^9.
  const whole = BigInt(Math.trunc(x * 2 ** 27)) << 53n;
  const rest = BigInt((x * 2 ** 27 - Math.trunc(x * 2 ** 27)) * 2 ** 53);
  const value = (whole + rest) << 48n;
  // Halved until it is small, and squared again.
  const halvings = 16n;
  const small = value >> halvings;
  let [sum, term] = [ONE, ONE];
  for (let n = 1n; n < 30n; n++) {
    term = (term * small) / ONE / n;
    sum += term;
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) / ONE;
  return Number(sum) / 2 ** 128;
}

describe('exp', () => {
  test('is within one unit in the last place of e^x', () => {
    const random = seededRandom(1);
    for (let i = 0; i < 2_000; i++) {
      const x = (random() - 0.5) * 40;
      expect(Math.abs(exp(x) - exact(x)) / exact(x), `${x}`).toBeLessThan(2 ** -52);
    }
  });

  test.each([
    [0, 1],
    [-0, 1],
    [1, Math.E],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, 0],
    [709.782712893384, 1.797693134862273e308],
    [709.7827128933841, Number.POSITIVE_INFINITY],
    [-708.5, 2.00613e-308],
    [-745.1332191019411, 5e-324],
    [-745.2, 0],
    [1e-300, 1],
  ])('of %d is %d', (x, want) => {
    if (Number.isFinite(want) && want !== 0) expect(exp(x) / want).toBeCloseTo(1, 4);
    else expect(exp(x)).toBe(want);
  });

  test('gives the bits that it always gave: those of fdlibm, which Math.exp of Node 20 gives too', () => {
    const random = seededRandom(2);
    const values = Float64Array.from({length: 100_000}, (_, i) => exp((random() - 0.5) * (i % 2 === 0 ? 20 : 1_480)));
    expect(createHash('sha256').update(values).digest('hex').slice(0, 16)).toBe('627b7c3789baa4ab');
  });
});
