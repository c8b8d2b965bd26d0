/** Random orders and subsets of rows, from any stream of uniforms. */

/** Fisher and Yates: shuffles `items` in place and returns them. */
export function shuffle<T extends {[index: number]: unknown; readonly length: number}>(
  items: T,
  random: () => number,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
  return items;
}

/**
 * `count` distinct indices below `length`, ascending, each subset equally likely; all of them when
 * `count >= length`. Selection sampling (Knuth, TAOCP volume 2, algorithm S): one pass, no set.
 */
export function sampleIndices(length: number, count: number, random: () => number): Uint32Array {
  const size = Math.min(length, count);
  const chosen = new Uint32Array(size);
  let taken = 0;
  for (let i = 0; taken < size; i++) {
    if ((length - i) * random() < size - taken) chosen[taken++] = i;
  }
  return chosen;
}
