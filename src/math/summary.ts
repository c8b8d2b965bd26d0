/**
 * The mergeable summary of a numeric column: counts, mean, spread, range. An algebra of `empty`,
 * `update`, `merge`, `read`; the state is plain JSON, so parts may be stored and merged later.
 */

export type Summary = {
  /** Values that are not null. */
  count: number;
  nulls: number;
  /** 0 while empty. */
  mean: number;
  /** Sum of squared deviations from the mean. */
  m2: number;
  /** null while empty. */
  min: number | null;
  max: number | null;
};

export function emptySummary(): Summary {
  return {count: 0, nulls: 0, mean: 0, m2: 0, min: null, max: null};
}

/** Adds one value in place; NaN counts as null. Welford (1962). */
export function updateSummary(state: Summary, value: number): void {
  if (Number.isNaN(value)) {
    state.nulls++;
    return;
  }
  state.count++;
  const delta = value - state.mean;
  state.mean += delta / state.count;
  state.m2 += delta * (value - state.mean);
  if (state.min === null || value < state.min) state.min = value;
  if (state.max === null || value > state.max) state.max = value;
}

/** The summary of a whole column, NaN counted as null. Two passes: faster and more exact than one at a time. */
export function summarize(values: ArrayLike<number>): Summary {
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return {...emptySummary(), nulls: values.length};
  const mean = sum / count;
  let m2 = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - mean;
    if (!Number.isNaN(deviation)) m2 += deviation * deviation;
  }
  return {count, nulls: values.length - count, mean, m2, min, max};
}

/** The summary of both parts together (Chan, Golub and LeVeque, 1979); neither is changed. */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  const nulls = a.nulls + b.nulls;
  if (a.count === 0) return {...b, nulls};
  if (b.count === 0) return {...a, nulls};
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    nulls,
    mean: a.mean + (delta * b.count) / count,
    m2: a.m2 + b.m2 + (delta * delta * a.count * b.count) / count,
    min: Math.min(a.min!, b.min!),
    max: Math.max(a.max!, b.max!),
  };
}

/** Sample variance (n - 1 below); NaN with fewer than two values. */
export function variance(summary: {readonly count: number; readonly m2: number}): number {
  return summary.count < 2 ? Number.NaN : summary.m2 / (summary.count - 1);
}

/** Sample standard deviation; NaN with fewer than two values. */
export function standardDeviation(summary: {readonly count: number; readonly m2: number}): number {
  return Math.sqrt(variance(summary));
}
