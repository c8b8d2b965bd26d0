import {inRange, nullShare} from '../../../events/index.ts';
import {figure, percent, wholeNumber} from '../../alerts/words.ts';
import type {NumericProfile} from '../../profiles/training-profile.ts';
import {varies} from '../definitions/expectations.ts';
import {allowedShare, roundedUp, tidy, upperShare} from './share-bounds.ts';
import {type Suggestion, suggestion} from './suggestion.ts';

/** Training rows with a value, below which nothing is suggested of a column. */
export const LEAST_ROWS = 500;
/** Nulls beyond this share are the rule. */
const MOST_NULLS = 0.5;
/** Share of its width by which a range is widened on each side. */
export const WIDENED = 0.25;
/** A column whose tenths hold no more than this can only be constant when it is stuck. */
const SPREAD = 0.2;

export type SuggestContext = {
  /** Columns about a person: what was seen of them is not told. */
  readonly personal: ReadonlySet<string>;
  /** Columns that tell the time, and are the same for all rows of some windows. */
  readonly timely: ReadonlySet<string>;
};

export function numericSuggestions(profile: NumericProfile, context: SuggestContext): Suggestion[] {
  const values = sum(profile.counts);
  if (values < LEAST_ROWS) return [];
  return [
    ...nullSuggestions(profile.name, profile.nulls, values + profile.nulls),
    ...rangeSuggestions(profile, values, context),
    ...variesSuggestions(profile.name, profile.counts, context),
  ];
}

/** Nulls as they were in training: none, or a share. */
export function nullSuggestions(name: string, nulls: number, rows: number): Suggestion[] {
  const max = allowedShare(nulls, rows);
  if (max > MOST_NULLS) return [];
  const seen = nulls === 0 ? 'never null' : `${percent(nulls / rows)} null`;
  return [
    suggestion(name, {
      make: nullShare,
      call: 'nullShare',
      args: [name, {max}],
      why: `${wholeNumber(rows)} rows, ${seen}`,
    }),
  ];
}

function rangeSuggestions(
  {name, range, edges}: NumericProfile,
  values: number,
  {personal}: SuggestContext,
): Suggestion[] {
  const width = range ? range.max - range.min : 0;
  if (!range || !Number.isFinite(width) || width <= 0) return [];
  // Of two rows, the smallest and the largest, a new one may lie outside: so many count as seen.
  const mostly = tidy(1 - allowedShare(1, values));
  const seen = personal.has(name) ? 'which are personal' : `${figure(range.min)} to ${figure(range.max)}`;
  return [
    suggestion(name, {
      make: inRange,
      call: 'inRange',
      args: [name, widened(range, edges)],
      mostly,
      why: `${wholeNumber(values)} values, ${seen}`,
    }),
  ];
}

type Range = {readonly min: number; readonly max: number};

/** Values from 0 to 1 that are not only 0 and 1. */
const isShare = ({min, max}: Range, edges: readonly number[]): boolean =>
  min >= 0 && max <= 1 && edges.some(edge => edge > 0 && edge < 1);

/** Rounded outwards to two digits of the width, whole numbers to such; what never was negative, or beyond 1, stays so. */
function widened({min, max}: Range, edges: readonly number[]): Range {
  const wider = (max - min) * WIDENED;
  const whole = [min, max, ...edges].every(Number.isInteger);
  const unit = Math.max(10 ** (Math.floor(Math.log10(max - min)) - 1), whole ? 1 : 0);
  const low = tidy(Math.floor((min - wider) / unit) * unit);
  const high = tidy(Math.ceil((max + wider) / unit) * unit);
  return {
    min: min >= 0 ? Math.max(0, low) : low,
    max: isShare({min, max}, edges) ? Math.min(1, high) : max <= 0 ? Math.min(0, high) : high,
  };
}

/** That a window of so many rows is constant has odds of one in a million, were its rows drawn from training. */
const STUCK = 1e-6;

export function variesSuggestions(
  name: string,
  counts: readonly number[],
  {timely}: Pick<SuggestContext, 'timely'>,
): Suggestion[] {
  const values = sum(counts);
  const largest = Math.max(...counts);
  if (timely.has(name) || largest / values > SPREAD) return [];
  const atMost = upperShare(largest, values);
  const minRows = Math.max(100, roundedUp(Math.ceil(1 + Math.log(STUCK) / Math.log(atMost))));
  return [
    suggestion(name, {
      make: varies,
      call: 'varies',
      args: [name],
      ...(minRows === 100 ? {} : {minRows}),
      why: `no value in more than ${percent(largest / values)} of ${wholeNumber(values)} rows`,
    }),
  ];
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
