/** Seeded randomness: the same seed gives the same stream on every machine and in every run. */

/** A stream of numbers uniform on [0, 1) with 53 random bits; `uint32` draws a whole 32-bit word instead. */
export type Random = (() => number) & {readonly uint32: () => number};

/**
 * A stream for `seed`, any safe integer (for a text, `hash53` makes one).
 *
 * xoshiro128++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
 * its state filled by splitmix64 as its authors advise. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed must be a safe integer, got ${seed}`);
  const [a, b] = splitmix64(BigInt(seed));
  return xoshiro128([Number(a & 0xffffffffn), Number(a >> 32n), Number(b & 0xffffffffn), Number(b >> 32n)]);
}

/** The generator itself, from four 32-bit words that are not all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [s0, s1, s2, s3] = state;
  const uint32 = (): number => {
    const sum = (s0 + s3) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    return word;
  };
  const next = (): number => ((uint32() >>> 5) * 0x4000000 + (uint32() >>> 6)) / 0x20000000000000;
  return Object.assign(next, {uint32});
}

/** A standard normal draw (Box and Muller, 1958): two uniforms in, one of its two normals out. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The first two outputs of splitmix64 (Steele, Lea and Flood, 2014). */
function splitmix64(seed: bigint): [bigint, bigint] {
  const mix = (state: bigint): bigint => {
    let z = BigInt.asUintN(64, state);
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  const step = 0x9e3779b97f4a7c15n;
  return [mix(seed + step), mix(seed + 2n * step)];
}
