import {readDrift, referenceWords} from './drift-rules.ts';
import {driftTickets} from './drift-tickets.ts';
import {type AlertState, stateOf} from './persistence.ts';
import type {AlertRules} from './rule.ts';
import {figure, listWords, windowWords} from './words.ts';

/**
 * A ticket for fields of requests that changed so much that one window is enough, such as by a change of unit. Smaller
 * moves of what callers send are kept in the record only: where they matter, features drift too.
 */
export const inputDriftRules: AlertRules = context => {
  const {policy, windows} = context;
  const rule = policy.drift;
  const current = windows.at(-1)!;
  if (!rule) return [];
  const recent = windows.slice(-rule.for.n);
  const judged = (current.inputs ?? []).map(({subject, effect, verdict, severe = false}) => {
    const readings = recent.map(({inputs}) =>
      readDrift(
        inputs?.find(one => one.subject === subject),
        rule.effect,
        policy.hysteresis,
      ),
    );
    const state = severe ? 'firing' : stateOf(readings, rule.for) === 'clear' ? 'clear' : 'unchanged';
    return {
      state: verdict === 'insufficient data' ? ('nothing' as const) : (state as AlertState),
      severe,
      feature: {feature: subject, effect, importance: 0, estimatedChange: null},
    };
  });
  judged.sort((a, b) => b.feature.effect - a.feature.effect);
  return driftTickets(context, judged, {
    subject: 'inputs',
    title: features =>
      features.length === 1
        ? `${features[0]!.feature} changes in requests`
        : `${features.length} fields of requests change`,
    words: severe => {
      const named = severe.map(({feature: {feature, effect}}) => `${feature} (effect ${figure(effect)})`);
      return {
        measured: severe[0]!.feature.effect,
        threshold: 1,
        message: `Far from ${referenceWords(current)} on ${windowWords(current, policy.zone)}, by a de-biased PSI of 1 or more: ${listWords(named)}. Ask those who send the requests what they changed.`,
      };
    },
  });
};
