/** Drift measures on profiles, for those who want another than the verdict's: a figure, and a p-value where there is a test. */

import {
  chiSquareTest,
  gTest,
  hellinger,
  jensenShannonDistance,
  kolmogorovSurvival,
  lInfinity,
  psi,
  standardDeviation,
  totalVariation,
  type WeightedValues,
} from '../../math/index.ts';
import type {NumericSketch} from './numeric-sketch.ts';
import type {BinPair} from './profile-bins.ts';

export const DRIFT_MEASURES = [
  'psi',
  'jensen-shannon',
  'hellinger',
  'total-variation',
  'l-infinity',
  'chi-square',
  'g-test',
  'kolmogorov-smirnov',
  'wasserstein',
] as const;

export type DriftMeasure = (typeof DRIFT_MEASURES)[number];

export type Measured = {
  readonly measure: DriftMeasure;
  /** NaN where a side has no values. */
  readonly value: number;
  readonly pValue: number | null;
};

type Counts = readonly [reference: readonly number[], current: readonly number[]];

const distance =
  (of: (...counts: Counts) => number) =>
  (bins: BinPair): Omit<Measured, 'measure'> => ({
    value: of(...valuesOf(bins)),
    pValue: null,
  });

/** Over the bins of the verdict: deciles of the reference, or its most frequent texts. Nulls are left out. */
const OVER_BINS = {
  psi: distance((...counts) => psi(...counts).psi),
  'jensen-shannon': distance((...counts) => jensenShannonDistance(...counts)),
  hellinger: distance(hellinger),
  'total-variation': distance(totalVariation),
  'l-infinity': distance(lInfinity),
  'chi-square': (bins: BinPair) => test(chiSquareTest(...valuesOf(bins))),
  'g-test': (bins: BinPair) => test(gTest(...valuesOf(bins))),
};

/** `sides`: both sketches of numbers; null for texts, which have no order. */
export function measureDrift(
  measure: DriftMeasure,
  bins: BinPair,
  sides: readonly [reference: NumericSketch, current: NumericSketch] | null,
): Measured | null {
  if (measure !== 'kolmogorov-smirnov' && measure !== 'wasserstein') return {measure, ...OVER_BINS[measure](bins)};
  if (sides === null) return null;
  const [reference, current] = sides;
  const steps = stepsOf(reference.quantiles.sorted(), current.quantiles.sorted());
  if (reference.count === 0 || current.count === 0) return {measure, value: Number.NaN, pValue: null};
  if (measure === 'wasserstein') return {measure, value: normalised(steps, reference), pValue: null};
  const value = steps.reduce((largest, {gap}) => Math.max(largest, Math.abs(gap)), 0);
  const [n, m] = [reference.quantiles.effectiveRows, current.quantiles.effectiveRows];
  return {measure, value, pValue: kolmogorovSurvival(Math.sqrt((n * m) / (n + m)) * value)};
}

/** The area between both distribution functions in standard deviations of the reference: infinite if that is 0 and values moved. */
function normalised(steps: readonly Step[], {summary}: NumericSketch): number {
  let area = 0;
  for (const {gap, width} of steps) if (gap !== 0) area += Math.abs(gap) * width;
  const spread = summary.count < 2 ? 0 : standardDeviation(summary);
  return area === 0 ? 0 : area / spread;
}

type Step = {readonly gap: number; readonly width: number};

/** Both distribution functions walked together: their difference from each value to the next one. */
function stepsOf(a: WeightedValues, b: WeightedValues): Step[] {
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.values.length || j < b.values.length) {
    const value = Math.min(a.values[i] ?? Number.POSITIVE_INFINITY, b.values[j] ?? Number.POSITIVE_INFINITY);
    while (i < a.values.length && a.values[i]! <= value) i++;
    while (j < b.values.length && b.values[j]! <= value) j++;
    const next = Math.min(a.values[i] ?? Number.POSITIVE_INFINITY, b.values[j] ?? Number.POSITIVE_INFINITY);
    const gap = (a.cumulative[i - 1] ?? 0) / a.rows - (b.cumulative[j - 1] ?? 0) / b.rows;
    steps.push({gap, width: next - value});
  }
  return steps;
}

const valuesOf = ({reference, current}: BinPair): Counts => [reference.counts, current.counts];

const test = ({statistic, pValue}: {readonly statistic: number; readonly pValue: number}) => ({
  value: statistic,
  pValue,
});
