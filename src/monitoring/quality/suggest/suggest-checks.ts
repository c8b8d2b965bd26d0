/** Checks that the training rows of a version speak for: what was always so, with room for chance. */

import {inRange} from '../../../events/index.ts';
import type {TableProfile} from '../../profiles/table-profile.ts';
import type {CategoricalProfile, TrainingProfile} from '../../profiles/training-profile.ts';
import {finite} from '../definitions/expectations.ts';
import {PREDICTION} from '../definitions/served-columns.ts';
import {type CategoryCount, categorySuggestions} from './category-suggestions.ts';
import {numericSuggestions, type SuggestContext, variesSuggestions} from './numeric-suggestions.ts';
import {type Suggestion, suggestion} from './suggestion.ts';

export type SuggestOptions = Partial<SuggestContext> & {
  /** Sketches of the training rows: they know more categories than the profile. */
  readonly sketches?: TableProfile;
};

/**
 * Suggestions for each feature and the prediction, in the order of the profile. Limits hold in clean windows of any
 * size: a share that a check allows is half as large again as the largest that the training rows leave believable
 * (99.99 %), and the check itself is judged beyond chance (99.9 %). That takes rows for independent: where whole
 * windows are one place or one hour, look before you paste.
 */
export function suggestChecks(
  profile: TrainingProfile,
  {personal = new Set(), timely = new Set(), sketches}: SuggestOptions = {},
): Suggestion[] {
  const context = {personal, timely};
  const features = profile.features.flatMap(feature =>
    feature.kind === 'numeric'
      ? numericSuggestions(feature, context)
      : categorySuggestions(feature, allCategories(feature, sketches), context),
  );
  return [...features, ...predictionSuggestions(profile, context)];
}

/** Every category with its count; null where some were only counted together. */
function allCategories(
  {name, categories, counts}: CategoricalProfile,
  sketches: TableProfile | undefined,
): CategoryCount[] | null {
  const sketch = sketches?.column(name)?.sketch;
  if (sketch?.kind === 'text') {
    const items = sketch.frequent.items();
    if (sketch.frequent.error === 0) return items;
  }
  if (counts.at(-1) !== 0) return null;
  return categories.slice(0, -1).map((value, i) => ({value, count: counts[i]!}));
}

function predictionSuggestions({prediction: {edges, counts}}: TrainingProfile, context: SuggestContext): Suggestion[] {
  const {name} = PREDICTION;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (rows === 0) return [];
  const probability = edges.every(edge => edge >= 0 && edge <= 1);
  const bounds = {min: 0, max: 1};
  return [
    suggestion(name, {make: finite, call: 'finite', args: [name], why: 'a prediction is a number'}),
    ...(probability
      ? [suggestion(name, {make: inRange, call: 'inRange', args: [name, bounds], why: 'predictions are probabilities'})]
      : []),
    ...variesSuggestions(name, counts, context),
  ];
}
