/** The bin of the codes that are too rare for one of their own. It never enters a set. */
export const RARE_BIN = 254;

/**
 * The bin of each code of a categorical feature. Up to 254 codes have their own; of more, the 254 most frequent
 * training codes have and the rest share RARE_BIN.
 */
export function categoryBins(codes: Float32Array, count: number): Uint8Array {
  if (count <= RARE_BIN) return Uint8Array.from({length: count}, (_, code) => code);
  const frequency = new Float64Array(count);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (!Number.isNaN(code)) frequency[code]! += 1;
  }
  const order = [...frequency.keys()].sort((a, b) => frequency[b]! - frequency[a]! || a - b);
  const bins = new Uint8Array(count).fill(RARE_BIN);
  for (let rank = 0; rank < RARE_BIN; rank++) bins[order[rank]!] = rank;
  return bins;
}
