/**
 * Categories to codes. A vocabulary is learned on the training split and lives in the model's manifest;
 * a category outside it (unseen, or too rare to be kept) counts as missing: NaN.
 */

/** The categories of `values`, most frequent first, ties by name; at most `limit` of them. */
export function learnVocabulary(values: Iterable<string | null>, limit = 65_536): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([category]) => category);
}

/** The code of each value; NaN for null and for a category that is not in the vocabulary. */
export function encodeCategories(vocabulary: readonly string[], values: readonly (string | null)[]): Float64Array {
  const encode = categoryEncoder(vocabulary);
  return Float64Array.from(values, encode);
}

/** The same for one value at a time. */
export function categoryEncoder(vocabulary: readonly string[]): (value: string | null) => number {
  const codes = new Map(vocabulary.map((category, code) => [category, code]));
  return value => (value === null ? Number.NaN : (codes.get(value) ?? Number.NaN));
}
