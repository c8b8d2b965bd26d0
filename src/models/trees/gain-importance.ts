import type {FeatureSpec} from '../model-spec.ts';
import type {FeatureImportance} from '../predictor.ts';
import type {Forest} from './forest.ts';

/** How much each feature reduced the training loss, as a share of all splits' gain, and how often it was used. */
export function gainImportance(forest: Forest, features: readonly FeatureSpec[]): FeatureImportance[] {
  const gains = new Float64Array(features.length);
  const uses = new Float64Array(features.length);
  forest.feature.forEach((feature, n) => {
    if (feature === -1) return;
    gains[feature]! += forest.gain[n]!;
    uses[feature]! += 1;
  });
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return features.map(({name}, f) => ({name, share: total > 0 ? gains[f]! / total : 0, uses: uses[f]!}));
}
