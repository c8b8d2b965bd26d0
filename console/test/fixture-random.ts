/** Seeded noise for the fixture. */

export type Random = {uniform(): number; normal(): number};

/** mulberry32; normals by Box–Muller. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** A text that looks like a SHA-256. */
export function hex(random: Random, length = 64): string {
  return Array.from({length}, () => Math.floor(random.uniform() * 16).toString(16)).join('');
}
