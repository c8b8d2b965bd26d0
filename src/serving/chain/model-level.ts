/** Trained models as levels of a chain: they decline what their written rules say they must not answer. */
import type {FeatureRow} from '../../features/index.ts';
import type {InputRanges} from '../inputs/input-ranges.ts';
import type {Inputs} from '../inputs/inputs.ts';
import type {LoadedVersion} from '../loaded-version.ts';
import type {StickyAnswers} from '../memory/sticky-answers.ts';
import type {ServingPolicy} from '../policy/serving-policy.ts';
import {Declined, type Level} from './fallback-chain.ts';
import type {Scored} from './levels.ts';

const NONE: readonly string[] = Object.freeze([]);

export function modelLevel(
  loaded: LoadedVersion,
  trained: InputRanges,
  policy: ServingPolicy,
  sticky: StickyAnswers<Scored> | null,
): Level<Inputs, Scored> {
  const {features, inputs: rules} = policy;
  const width = loaded.predictor.spec.features.length;
  const mostMissing = Math.floor(features.mayMiss * width);
  return {
    name: 'model',
    answer: inputs => {
      const row = inputs.row();
      if (features.staleAfterMs !== null) {
        const age = inputs.staleness();
        if (age > features.staleAfterMs)
          throw new Declined(
            'stale-features',
            `The newest event behind a feature is ${Math.round(age / 1_000)} s old.`,
          );
      }
      const vector = loaded.vector(row);
      if (mostMissing < width) {
        const missing = missingIn(vector);
        if (missing > mostMissing)
          throw new Declined('missing-features', `${missing} of ${width} features are missing.`);
      }
      const outside = judge(vector, row, loaded, trained, rules);
      const unit = sticky && inputs.request[policy.sticky!.by];
      if (!sticky || unit === null || unit === undefined)
        return {prediction: loaded.predictor.predictRow(vector), outside};
      const key = String(unit);
      const before = sticky.find(key, loaded.version, vector, inputs.at, trained);
      if (before) return {...before, outside};
      const scored = {prediction: loaded.predictor.predictRow(vector), outside};
      sticky.keep(key, loaded.version, vector, inputs.at, {...scored, sticky: true});
      return scored;
    },
  };
}

/** A model that was trained beside the version, on its own inputs: by the same rule about those outside training. */
export function simplerLevel(
  name: string,
  loaded: LoadedVersion,
  trained: InputRanges,
  rules: ServingPolicy['inputs'],
): Level<Inputs, Scored> {
  return {
    name: `simpler ${name}`,
    answer: inputs => {
      const row = inputs.rowOrMissing();
      const vector = loaded.vector(row);
      const outside = judge(vector, row, loaded, trained, rules);
      return {prediction: loaded.predictor.predictRow(vector), outside};
    },
  };
}

/** Names of the inputs outside what training saw; clips them in place, or declines, where the rule is so. */
function judge(
  vector: Float64Array,
  row: FeatureRow,
  loaded: LoadedVersion,
  trained: InputRanges,
  rules: ServingPolicy['inputs'],
): readonly string[] {
  if (rules.outside === 'ignore') return NONE;
  const outside = trained.outside(vector, f => loaded.isGiven(row, f));
  if (outside.length > 0 && rules.outside === 'refuse')
    throw new Declined('outside-training', `Outside what training saw: ${outside.join(', ')}.`);
  if (outside.length > 0 && rules.outside === 'clip') trained.clip(vector);
  return outside;
}

function missingIn(vector: Float64Array): number {
  let missing = 0;
  for (let f = 0; f < vector.length; f++) if (Number.isNaN(vector[f]!)) missing++;
  return missing;
}
