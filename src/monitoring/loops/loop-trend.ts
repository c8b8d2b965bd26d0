/** Does a model narrow what it shows, window by window? */

import {quantile} from '../../math/index.ts';
import type {LoopReport} from '../../protocol/index.ts';
import {figure, listWords, percent, windowWords} from '../alerts/words.ts';
import {risingChance} from '../shifts/trend-test.ts';

export type LoopWindow = {readonly from: number; readonly to: number; readonly report: LoopReport};

export type LoopTrend = {
  readonly verdict: 'narrowing' | 'stable' | 'insufficient data';
  readonly windows: number;
  /** The first half of the windows against the second, by median. */
  readonly measures: readonly {
    readonly measure: 'diversity' | 'evenness' | 'longTail';
    readonly before: number;
    readonly now: number;
    /** One-sided, of falling. */
    readonly pValue: number;
  }[];
  /** The ticket in words; null unless it narrows. */
  readonly message: string | null;
};

export type LoopTrendOptions = {
  /** Last windows that are looked at; 14 unless told. */
  readonly windows?: number;
  /** Chance of a ticket where nothing narrows, for each look; 0.001 unless told. */
  readonly alpha?: number;
  /** Relative fall of the median that counts; a tenth unless told. */
  readonly fall?: number;
};

const FEWEST_WINDOWS = 8;
const MEASURES = ['diversity', 'evenness', 'longTail'] as const;
const WORDS = {diversity: 'diversity', evenness: 'evenness', longTail: 'the share of the long tail'} as const;

/**
 * Two gates for each measure: it falls with the time beyond chance (Mann, 1945; Kendall, 1948; divided by the number of
 * measures) and by a tenth or more. A loop of showing, learning from what was shown, and showing that again narrows
 * choice without users having changed (Chaney, Stewart and Engelhardt, RecSys 2018; Jiang et al., AIES 2019).
 */
export function loopTrend(history: readonly LoopWindow[], options: LoopTrendOptions = {}): LoopTrend {
  const {windows = 14, alpha = 0.001, fall = 0.1} = options;
  const looked = history.filter(({report}) => report.diversity !== null).slice(-windows);
  if (looked.length < Math.min(windows, FEWEST_WINDOWS))
    return {verdict: 'insufficient data', windows: looked.length, measures: [], message: null};
  const half = looked.length >> 1;
  const measures = MEASURES.map(measure => {
    const values = looked.map(({report}) => report[measure]!);
    return {
      measure,
      before: quantile(values.slice(0, half), 0.5),
      now: quantile(values.slice(half), 0.5),
      pValue: risingChance(values.map(value => -value)),
    };
  });
  const falling = measures.filter(
    ({before, now, pValue}) => pValue <= alpha / MEASURES.length && now <= (1 - fall) * before,
  );
  const verdict = falling.length > 0 ? 'narrowing' : 'stable';
  return {verdict, windows: looked.length, measures, message: falling.length > 0 ? messageOf(looked, falling) : null};
}

function messageOf(looked: readonly LoopWindow[], falling: LoopTrend['measures']): string {
  const [first, last] = [looked[0]!, looked.at(-1)!];
  const moved = falling.map(
    ({measure, before, now}) => `${WORDS[measure]} fell from ${show(measure, before)} to ${show(measure, now)}`,
  );
  const {report} = last;
  const top = report.hitRates[0]!;
  return `The model shows less and less of its catalogue: over ${looked.length} windows, ${windowWords(first)} to ${windowWords(last)}, ${listWords(moved)}. ${percent(top.shown / report.rows)} of what it shows are items of the head. It may learn from what it showed itself: show some items at random, or weigh training rows by how seldom their item was shown.`;
}

const show = (measure: LoopTrend['measures'][number]['measure'], value: number): string =>
  measure === 'longTail' ? percent(value) : figure(value);
