// Checks about one column, beside those that streams of events have too (inRange, oneOf, matches, nullShare, unique).
import {type QualityCheck, qualityCheck, type Statistic} from './quality-check.ts';

type Bounds = {readonly min?: number; readonly max?: number};
const both = ({min = null, max = null}: {readonly min?: number | null; readonly max?: number | null}) => ({min, max});

/** No value is infinite or not a number. */
export const finite = <const C extends string>(column: C): QualityCheck<C> => qualityCheck([column], {kind: 'finite'});

/** The smallest value of a window lies in [min, max]. */
export const minimumIn = <const C extends string>(column: C, bounds: Bounds): QualityCheck<C> =>
  statistic(column, 'minimum', bounds);

/** The largest value of a window lies in [min, max]. */
export const maximumIn = <const C extends string>(column: C, bounds: Bounds): QualityCheck<C> =>
  statistic(column, 'maximum', bounds);

/** The mean of a window lies in [min, max], or not outside beyond chance. */
export const meanIn = <const C extends string>(column: C, bounds: Bounds): QualityCheck<C> =>
  statistic(column, 'mean', bounds);

/** The median of a window lies in [min, max], or not outside beyond chance. */
export const medianIn = <const C extends string>(column: C, bounds: Bounds): QualityCheck<C> =>
  statistic(column, 'median', bounds);

const statistic = <C extends string>(column: C, of: Statistic, bounds: Bounds): QualityCheck<C> =>
  qualityCheck([column], {kind: 'statistic', of, ...both(bounds)});

/** A window has `min` to `max` different values. Judged to be too few only with ten rows for each that is expected. */
export const distinctIn = <const C extends string>(column: C, bounds: Bounds): QualityCheck<C> =>
  qualityCheck([column], {kind: 'distinct', ...both(bounds)});

/** Not the same value in all rows of a window, of which there must be 100. */
export const varies = <const C extends string>(column: C): QualityCheck<C> =>
  qualityCheck([column], {kind: 'varies'}, {minRows: 100});

/** At most `max` (a share) of the rows have a category that the version in charge was not trained with. */
export const unseenShare = <const C extends string>(column: C, {max}: {readonly max: number}): QualityCheck<C> =>
  qualityCheck([column], {kind: 'unseen-share', max});

/** The share of values above `threshold` lies in [min, max]: `shareAbove('prediction', 0.5, {max: 0.2})`. */
export const shareAbove = <const C extends string>(column: C, threshold: number, bounds: Bounds): QualityCheck<C> =>
  qualityCheck([column], {kind: 'share-above', threshold, ...both(bounds)});

/** At most `max` (a share) of the answers come from a step of the fallback chain. */
export const fallbackShare = ({max}: {readonly max: number}): QualityCheck<never> =>
  qualityCheck<never>([], {kind: 'fallback-share', max});
