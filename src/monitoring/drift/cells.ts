/**
 * Bins put together until a chi-square test may be trusted on them: by what both sides hold together, and by nothing else.
 * Given these sums the split between the sides is chance alone, so that p-values stay what they say; bins put together by
 * the counts of one side would not (the smallest of many noisy counts are too small).
 */

/** Rows by bin, and those without a value. */
export type BinCounts = {readonly counts: readonly number[]; readonly nulls: number};

export type DriftPair = {
  readonly subject: string;
  /** Bins of numbers are in order. */
  readonly kind: 'numeric' | 'categorical';
  /** Both over the same bins. */
  readonly reference: BinCounts;
  readonly current: BinCounts;
  /** Smallest effect that is called drift; that of the settings unless told. */
  readonly floor?: number;
};

/** Two counts of a cell. */
export type Cell = {reference: number; current: number};

export type Cells = {
  /** Values, in order where bins are. */
  readonly values: readonly Cell[];
  /** Values and nulls that are too few for a chi-square test, each tried by itself. */
  readonly rare: readonly Cell[];
  /** Nulls, where there are enough to be a cell like the others. */
  readonly nulls: Cell | null;
};

/** Rows that are expected in a cell of the smaller side at least (Cochran, 1954). */
const EXPECTED = 5;

export function cellsOf({kind, reference, current}: DriftPair): Cells {
  const [before, now] = [totalOf(reference), totalOf(current)];
  const least = (EXPECTED * (before + now)) / Math.min(before, now);
  const both = reference.counts.map((count, bin) => count + current.counts[bin]!);
  const groups: Cell[] = [];
  let group: Cell = {reference: 0, current: 0};
  for (const bin of kind === 'numeric' ? both.keys() : byCount(both)) {
    group.reference += reference.counts[bin]!;
    group.current += current.counts[bin]!;
    if (group.reference + group.current < least) continue;
    groups.push(group);
    group = {reference: 0, current: 0};
  }
  const rare: Cell[] = [];
  const last = groups.at(-1);
  // What is left of ordered bins lies beside the last; of categories it is those hardly ever seen.
  if (kind === 'numeric' && last) {
    last.reference += group.reference;
    last.current += group.current;
  } else if (group.reference + group.current > 0) rare.push(group);
  const nulls = {reference: reference.nulls, current: current.nulls};
  if (nulls.reference + nulls.current >= least) return {values: groups, rare, nulls};
  if (nulls.reference + nulls.current > 0) rare.push(nulls);
  return {values: groups, rare, nulls: null};
}

export const totalOf = ({counts, nulls}: BinCounts): number => counts.reduce((sum, count) => sum + count, nulls);

/** Bins from the most frequent to the least; of equal ones the first. */
const byCount = (counts: readonly number[]): number[] =>
  [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
