/** Forty features of many shapes, drawn again and again from the same distributions. */

import {normal, type Random} from '../../../math/index.ts';

export type CleanFeature = {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly draw: (random: Random) => number | string | null;
};

const exponential = (random: Random): number => -Math.log(1 - random());

/** By Knuth's product of uniforms; for small means. */
function poisson(mean: number, random: Random): number {
  let [count, product] = [0, random()];
  for (const floor = Math.exp(-mean); product > floor; product *= random()) count++;
  return count;
}

/** Rank 0, 1, 2, … with odds falling as 1 / rank^s. */
function zipf(categories: number, s: number): (random: Random) => number {
  const sums: number[] = [];
  for (let rank = 1; rank <= categories; rank++) sums.push((sums.at(-1) ?? 0) + rank ** -s);
  return random => {
    const at = random() * sums.at(-1)!;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at < sums[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

const SHAPES: readonly ((random: Random) => number)[] = [
  random => normal(random),
  random => Math.exp(2 * normal(random)),
  random => exponential(random) ** 3,
  random => (1 - random()) ** -0.7, // Pareto: no variance
  random => random(),
  random => poisson(0.3, random),
  random => (random() < 0.9 ? 0 : 50 * exponential(random)),
];
const NULLS = [0, 0, 0.0005, 0.02, 0.4];

/** 28 of numbers, and twelve of categories: two to sixty of them, and ids. */
export const CLEAN_FEATURES: readonly CleanFeature[] = [
  ...Array.from({length: 28}, (_, i): CleanFeature => {
    const [shape, nulls] = [SHAPES[i % SHAPES.length]!, NULLS[i % NULLS.length]!];
    return {name: `number_${i}`, kind: 'numeric', draw: random => (random() < nulls ? null : shape(random))};
  }),
  ...[2, 3, 5, 8, 12, 16, 19, 20, 25, 40, 60, 100_000].map((categories, i): CleanFeature => {
    const rank = zipf(categories, i % 3 === 0 ? 2 : 1);
    return {name: `category_${categories}`, kind: 'categorical', draw: random => `c${rank(random)}`};
  }),
];
