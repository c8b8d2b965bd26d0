/** Adjusted p-values for many tests at once, in the order given: reject where the adjusted p is at most alpha. */

/** Benjamini and Hochberg (1995): holds the expected share of false discoveries at alpha. */
export function benjaminiHochberg(pValues: ArrayLike<number>): number[] {
  const order = byPValue(pValues);
  const adjusted = new Array<number>(order.length);
  let least = 1;
  for (let rank = order.length; rank > 0; rank--) {
    const test = order[rank - 1]!;
    least = Math.min(least, (pValues[test]! * order.length) / rank);
    adjusted[test] = least;
  }
  return adjusted;
}

/** Holm (1979): holds the probability of any false rejection at alpha. */
export function holm(pValues: ArrayLike<number>): number[] {
  const order = byPValue(pValues);
  const adjusted = new Array<number>(order.length);
  let most = 0;
  order.forEach((test, i) => {
    most = Math.max(most, Math.min(1, pValues[test]! * (order.length - i)));
    adjusted[test] = most;
  });
  return adjusted;
}

function byPValue(pValues: ArrayLike<number>): number[] {
  return Array.from(pValues, (p, i) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value must be between 0 and 1, got ${p} at index ${i}`);
    return i;
  }).sort((a, b) => pValues[a]! - pValues[b]!);
}
