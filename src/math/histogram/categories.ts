/** Counts of text values over a fixed list of categories; all others are counted as one. Mergeable; plain JSON. */

export type CategoryCounts = {
  readonly categories: readonly string[];
  /** Rows of each category, in their order. */
  readonly counts: number[];
  /** Rows of any category that is not listed. */
  other: number;
  nulls: number;
};

/** The `limit` most frequent values, most frequent first, ties by code units; nulls are no category. */
export function topCategories(values: Iterable<string | null>, limit: number): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([value]) => value);
}

/** Returns a function that adds one value in place: a lookup is built once, not per value. */
export function categoryCounter(state: CategoryCounts): (value: string | null) => void {
  const places = new Map(state.categories.map((category, i) => [category, i]));
  return value => {
    if (value === null) {
      state.nulls++;
      return;
    }
    const place = places.get(value);
    if (place === undefined) state.other++;
    else state.counts[place]! += 1;
  };
}

export function emptyCategoryCounts(categories: readonly string[]): CategoryCounts {
  return {categories, counts: new Array<number>(categories.length).fill(0), other: 0, nulls: 0};
}

/** The counts of a whole column. */
export function countCategories(values: Iterable<string | null>, categories: readonly string[]): CategoryCounts {
  const state = emptyCategoryCounts(categories);
  const add = categoryCounter(state);
  for (const value of values) add(value);
  return state;
}

/** The counts of both parts together; they must list the same categories in the same order. */
export function mergeCategoryCounts(a: CategoryCounts, b: CategoryCounts): CategoryCounts {
  if (a.categories.length !== b.categories.length || a.categories.some((name, i) => name !== b.categories[i]))
    throw new RangeError('only counts of the same categories can be merged');
  return {
    categories: a.categories,
    counts: a.counts.map((count, i) => count + b.counts[i]!),
    other: a.other + b.other,
    nulls: a.nulls + b.nulls,
  };
}
