// How near two executions of a feature must be to each other: equal, but for what rounds and for sketches.
import type {Measure} from '../definitions/aggregate.ts';
import type {FeatureView, WindowFeature} from '../definitions/view.ts';

type Answer = number | string | null;

/** Sums in another order, and what is computed from them, differ by this share of what is added up. */
const ROUNDING = 1e-9;
/** Above the sum of absolute values of any window of the seeded history. */
const ADDED_UP = 1e5;

const EXACT = new Set([
  'count',
  'integerSum',
  'min',
  'max',
  'first',
  'last',
  'sinceLast',
  'distinct',
  'top',
  'histogram',
]);

/** How far a measure's value may be from `want`. */
function allowed({aggregation}: Measure, want: number): number {
  if (EXACT.has(aggregation.name)) return 0;
  // Five standard errors.
  if (aggregation.name === 'distinctSketch') return 5 * 0.01625 * want;
  if (aggregation.name === 'quantileSketch') return aggregation.accuracy * Math.abs(want) * (1 + ROUNDING);
  return ROUNDING * Math.max(ADDED_UP, Math.abs(want));
}

function agrees(feature: WindowFeature, got: Answer, want: Answer): boolean {
  if (typeof got !== 'number' || typeof want !== 'number') return got === want;
  const {divisor} = feature;
  // The divisors here are counts of at least 1: what they are off by carries over.
  const most = allowed(feature, want) + (divisor === null ? 0 : ROUNDING * ADDED_UP + allowed(divisor, Math.abs(want)));
  return Math.abs(got - want) <= most;
}

const plain = (value: Answer | undefined): Answer =>
  value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value;

/** The features of a view whose values differ, in words. */
export function disagreements(
  {features}: FeatureView,
  got: Readonly<Record<string, Answer>>,
  want: Readonly<Record<string, Answer>>,
): string[] {
  return features
    .filter(feature => !agrees(feature, plain(got[feature.name]), plain(want[feature.name])))
    .map(({name}) => `${name}: ${got[name]}, not ${want[name]}`);
}
