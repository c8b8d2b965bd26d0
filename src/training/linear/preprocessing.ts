import {columnView, type SharedColumns} from '../training-set.ts';

/** What one feature gives to a linear model, learned on the training rows. `term` counts coefficients. */
export type Preparation =
  | {
      readonly kind: 'numeric';
      readonly feature: number;
      readonly term: number;
      readonly mean: number;
      readonly scale: number;
      readonly missing: number | null;
    }
  | {
      readonly kind: 'categorical';
      readonly feature: number;
      readonly codes: readonly number[];
      readonly termOfCode: Int32Array;
      readonly missing: number | null;
    };

export type Preprocessing = {
  readonly preparations: readonly Preparation[];
  readonly terms: number;
  /** Mean of each term over the training rows. */
  readonly center: Float64Array;
};

/**
 * Means and deviations of numbers, the `maxCategories` most frequent codes of categories, and which features
 * are ever missing. Terms are numbered as in the model: numbers, indicators, categories. A numeric feature
 * with one value only has scale 1 (its term is then always 0).
 */
export function learnPreprocessing(
  columns: SharedColumns,
  rows: number,
  categorical: readonly boolean[],
  maxCategories: number,
): Preprocessing {
  const facts = categorical.map((isCategorical, f) => {
    const column = columnView(columns, f).subarray(0, rows);
    return isCategorical ? categoryFacts(column, maxCategories) : numberFacts(column);
  });
  let term = facts.filter(({kind}) => kind === 'numeric').length;
  const indicators = facts.map(({missing}) => (missing > 0 ? term++ : null));
  let numeric = 0;
  const center: number[] = [];
  const preparations = facts.map((fact, feature): Preparation => {
    const missing = indicators[feature]!;
    if (missing !== null) center[missing] = fact.missing / rows;
    if (fact.kind === 'numeric') {
      center[numeric] = 0;
      return {kind: 'numeric', feature, term: numeric++, mean: fact.mean, scale: fact.scale, missing};
    }
    const termOfCode = new Int32Array(Math.max(0, ...fact.codes) + 1).fill(-1);
    fact.codes.forEach((code, k) => {
      center[term] = fact.counts[k]! / rows;
      termOfCode[code] = term++;
    });
    return {kind: 'categorical', feature, codes: fact.codes, termOfCode, missing};
  });
  return {preparations, terms: term, center: Float64Array.from(center)};
}

function numberFacts(column: Float32Array) {
  let count = 0;
  let mean = 0;
  let squares = 0; // Welford, "Note on a method for calculating corrected sums of squares and products" (1962)
  for (let i = 0; i < column.length; i++) {
    const x = column[i]!;
    if (Number.isNaN(x)) continue;
    count++;
    const before = x - mean;
    mean += before / count;
    squares += before * (x - mean);
  }
  if (!Number.isFinite(mean)) throw new RangeError('a feature of a linear model holds an infinite value');
  const scale = Math.sqrt(squares / Math.max(1, count));
  return {kind: 'numeric', missing: column.length - count, mean, scale: scale > 0 ? scale : 1} as const;
}

function categoryFacts(column: Float32Array, limit: number) {
  const frequency = new Map<number, number>();
  let missing = 0;
  for (let i = 0; i < column.length; i++) {
    const code = column[i]!;
    if (Number.isNaN(code)) missing++;
    else frequency.set(code, (frequency.get(code) ?? 0) + 1);
  }
  const ranked = [...frequency].sort(([a, m], [b, n]) => n - m || a - b).slice(0, limit);
  const kept = ranked.sort(([a], [b]) => a - b);
  return {kind: 'categorical', missing, codes: kept.map(([code]) => code), counts: kept.map(([, n]) => n)} as const;
}
