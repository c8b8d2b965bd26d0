/**
 * Of files that lie one after the other, given by their bytes: the index of the first that is worth joining with all
 * after it. Only leading ones stay that are larger than everything after them, so that an event is copied a number of
 * times that grows with the logarithm of what there is.
 */
export function firstToJoin(bytes: readonly number[]): number {
  let after = bytes.reduce((sum, each) => sum + each, 0);
  return bytes.findIndex(each => {
    after -= each;
    return each <= after;
  });
}
