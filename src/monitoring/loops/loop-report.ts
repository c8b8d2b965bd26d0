import {wilsonInterval} from '../../math/index.ts';
import type {Estimate, LoopReport} from '../../protocol/index.ts';
import {evenness, gini, rarefiedItems} from './concentration.ts';
import type {ItemExposureState} from './item-exposure.ts';
import {bucketOf, type Popularity, type PopularityBucket} from './popularity.ts';

export type LoopOptions = {
  /** Items that could be shown; those of the reference and the window unless told. */
  readonly catalogue?: number;
  /** Rows that diversity is told for; 1,000 unless told. */
  readonly perRows?: number;
};

const BUCKETS: readonly PopularityBucket[] = ['head', 'middle', 'tail'];

/**
 * Aggregate diversity (Adomavicius and Kwon, "Improving aggregate recommendation diversity", TKDE 24, 2012), exposure
 * of the long tail and hit rates by popularity (Mansoury et al., "Feedback loop and bias amplification in recommender
 * systems", CIKM 2020) of one window; null if nothing was shown.
 */
export function loopReport(
  {rows, items}: ItemExposureState,
  popularity: Popularity,
  {catalogue, perRows = 1_000}: LoopOptions = {},
): LoopReport | null {
  const shown = items.filter(item => item.shown > 0);
  if (shown.length === 0) return null;
  const counts = shown.map(item => item.shown).sort((a, b) => a - b);
  const size = Math.max(catalogue ?? popularity.items, shown.length);
  const expected = rarefiedItems(counts, perRows);
  const buckets = BUCKETS.map(bucket => {
    const own = items.filter(({item}) => bucketOf(item, popularity) === bucket);
    const sum = (of: 'shown' | 'labelled' | 'hits'): number => own.reduce((all, item) => all + item[of], 0);
    return {bucket, shown: sum('shown'), labelled: sum('labelled'), rate: rateOf(sum('hits'), sum('labelled'))};
  });
  const counted = counts.reduce((sum, count) => sum + count, 0);
  return {
    rows,
    items: shown.length,
    catalogue: size,
    diversity: Number.isNaN(expected) ? null : expected / size,
    perRows,
    gini: gini(counts, size),
    evenness: evenness(counts, size),
    longTail: 1 - buckets[0]!.shown / counted,
    hitRates: buckets,
  };
}

function rateOf(hits: number, labelled: number): Estimate | null {
  if (labelled === 0) return null;
  const {low, high} = wilsonInterval(hits, labelled);
  return {value: hits / labelled, low, high};
}
