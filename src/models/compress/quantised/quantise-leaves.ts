import type {Forest} from '../../trees/forest.ts';
import type {Bits} from './quantise-forest.ts';
import type {QuantisedForest} from './quantised-forest.ts';

type Leaves = Pick<QuantisedForest, 'base' | 'leaf' | 'leafOffset' | 'leafScale'>;

/**
 * Values of each tree as steps from its least to its greatest: later trees add less, so a scale for all would cost them
 * most of their bits. The mean error over the training rows (`cover`) goes into the base: the mean margin stays.
 */
export function quantiseLeaves(forest: Forest, trees: readonly (readonly number[])[], bits: Bits): Leaves {
  const steps = 2 ** bits - 1;
  const count = trees.reduce((sum, leaves) => sum + leaves.length, 0);
  const leaf = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  const leafOffset = new Float32Array(trees.length);
  const leafScale = new Float32Array(trees.length);
  let base = forest.base[0]!;
  let at = 0;
  trees.forEach((leaves, t) => {
    const values = leaves.map(n => forest.value[n]!);
    const least = values.reduce((a, b) => Math.min(a, b));
    const most = values.reduce((a, b) => Math.max(a, b));
    leafOffset[t] = least;
    leafScale[t] = (most - least) / steps;
    const scale = leafScale[t]!;
    let error = 0;
    let rows = 0;
    leaves.forEach((n, i) => {
      const step = scale > 0 ? Math.min(steps, Math.round((values[i]! - least) / scale)) : 0;
      leaf[at++] = step;
      error += forest.cover[n]! * (leafValue(least, scale, step) - values[i]!);
      rows += forest.cover[n]!;
    });
    if (rows > 0) base -= error / rows;
  });
  return {base: Float64Array.of(base), leaf, leafOffset, leafScale};
}

/** What a leaf adds to the margin: a float32, as in a forest that was not quantised. */
export function leafValue(offset: number, scale: number, step: number): number {
  return Math.fround(offset + scale * step);
}
