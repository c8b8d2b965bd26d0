import {oneOf} from '../../../events/index.ts';
import {wholeNumber} from '../../alerts/words.ts';
import type {CategoricalProfile} from '../../profiles/training-profile.ts';
import {LEAST_ROWS, nullSuggestions, type SuggestContext} from './numeric-suggestions.ts';
import {allowedShare, tidy} from './share-bounds.ts';
import {type Suggestion, suggestion} from './suggestion.ts';

/** More categories than this are no list that people keep. */
const MOST_LISTED = 50;
/** Good (1953) and Turing: what was never seen has the share of what was seen once. Beyond this a list would be wrong soon. */
const MOST_UNSEEN = 0.001;

export type CategoryCount = {readonly value: string; readonly count: number};

/** `all`: every category with its count, where that is known; null: it is not, as with ids and free text. */
export function categorySuggestions(
  {name, nulls, counts}: Pick<CategoricalProfile, 'name' | 'nulls' | 'counts'>,
  all: readonly CategoryCount[] | null,
  {personal}: SuggestContext,
): Suggestion[] {
  const values = counts.reduce((sum, count) => sum + count, 0);
  if (values < LEAST_ROWS) return [];
  const once = all?.filter(({count}) => count === 1).length ?? 0;
  const listed = all !== null && all.length <= MOST_LISTED && once / values <= MOST_UNSEEN && !personal.has(name);
  return [...nullSuggestions(name, nulls, values + nulls), ...(listed ? [setSuggestion(name, all, once, values)] : [])];
}

function setSuggestion(name: string, all: readonly CategoryCount[], once: number, rows: number): Suggestion {
  const seen = `${all.length === 1 ? 'one value' : `${all.length} values`} in ${wholeNumber(rows)} rows`;
  return suggestion(name, {
    make: oneOf,
    call: 'oneOf',
    args: [name, all.map(({value}) => value)],
    mostly: tidy(1 - allowedShare(once, rows)),
    why: `${seen}, ${once === 0 ? 'none' : once} of them once`,
  });
}
