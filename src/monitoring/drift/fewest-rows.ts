/** The fewest rows that are enough, where more never are too few; null if more than `most` are needed. At least nine. */
export function fewestRows(isEnough: (rows: number) => boolean, most: number): number | null {
  let high = 16;
  while (!isEnough(high)) {
    high *= 2;
    if (high > most) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
