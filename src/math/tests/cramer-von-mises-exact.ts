/** The exact law of the two-sample Cramér-von Mises statistic, for small samples without ties. */

/**
 * The chance that Σ (nm (F - G))² over all rows reaches `squaredGaps`, for sizes `n` and `m`. Over the
 * steps of a lattice path from (0, 0) to (n, m) it is a multiple of Σ (i·L/n - j·L/m)², L the least common
 * multiple: whole numbers, whose frequencies are counted step by step (Xiao, Gordon and Yakovlev, 2006).
 * Paths that have reached the observed one only grow: they are not followed further.
 */
export function exactSurvival(squaredGaps: number, n: number, m: number): number {
  const multiple = leastCommonMultiple(n, m);
  const observed = squaredGaps / ((n * m) / multiple) ** 2;
  const right = multiple / n;
  const up = multiple / m;
  let row: Frequencies[] = [];
  for (let j = 0; j <= m; j++) {
    const next: Frequencies[] = [];
    for (let i = 0; i <= n; i++) {
      const start: Frequencies = i + j === 0 ? {values: Float64Array.of(0), counts: Float64Array.of(1)} : none;
      const step = (i * right - j * up) ** 2;
      next.push(merged(next[i - 1] ?? start, row[i] ?? none, step, observed));
    }
    row = next;
  }
  const fewer = row[n]!.counts.reduce((sum, count) => sum + count, 0);
  const paths = binomial(n + m, n);
  return (paths - fewer) / paths;
}

/** Ascending values, and how many paths have each. */
type Frequencies = {readonly values: Float64Array; readonly counts: Float64Array};

const none: Frequencies = {values: new Float64Array(0), counts: new Float64Array(0)};

/** Both together, `step` added to each value, without those that reach `limit`. */
function merged(a: Frequencies, b: Frequencies, step: number, limit: number): Frequencies {
  const most = a.values.length + b.values.length;
  const values = new Float64Array(most);
  const counts = new Float64Array(most);
  let i = 0;
  let j = 0;
  let size = 0;
  while (i < a.values.length || j < b.values.length) {
    const ofA = i < a.values.length ? a.values[i]! : Infinity;
    const ofB = j < b.values.length ? b.values[j]! : Infinity;
    const value = Math.min(ofA, ofB);
    if (value + step >= limit) break;
    let count = 0;
    if (ofA === value) count += a.counts[i++]!;
    if (ofB === value) count += b.counts[j++]!;
    values[size] = value + step;
    counts[size++] = count;
  }
  return {values: values.subarray(0, size), counts: counts.subarray(0, size)};
}

function leastCommonMultiple(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return (a / large) * b;
}

function binomial(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i;
  return Math.round(product);
}
