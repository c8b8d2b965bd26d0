import {readDrift, referenceWords} from './drift-rules.ts';
import {stateOf} from './persistence.ts';
import type {AlertRule} from './rule.ts';
import {figure, listWords, windowWords} from './words.ts';

/**
 * A ticket for fields of requests that changed so much that one window is enough, such as by a change of unit. Smaller
 * moves of what callers send are kept in the record only: where they matter, features drift too.
 */
export const inputDriftRule: AlertRule = ({policy, windows}) => {
  const rule = policy.drift;
  const current = windows.at(-1)!;
  const inputs = current.inputs?.filter(({verdict}) => verdict !== 'insufficient data') ?? [];
  if (!rule || inputs.length === 0) return null;
  const severe = inputs.filter(report => report.severe === true).sort((a, b) => b.effect - a.effect);
  const strongest = severe[0] ?? inputs.reduce((a, b) => (b.effect > a.effect ? b : a));
  const clear = inputs.every(({subject}) => {
    const readings = windows.slice(-rule.for.n).map(window =>
      readDrift(
        window.inputs?.find(one => one.subject === subject),
        rule.effect,
        policy.hysteresis,
      ),
    );
    return stateOf(readings, rule.for) === 'clear';
  });
  const named = severe.map(({subject, effect}) => `${subject} (effect ${figure(effect)})`);
  return {
    kind: 'drift',
    severity: 'ticket',
    subject: 'inputs',
    state: severe.length > 0 ? 'firing' : clear ? 'clear' : 'unchanged',
    measured: strongest.effect,
    threshold: 1,
    title:
      severe.length === 1 ? `${strongest.subject} changes in requests` : `${severe.length} fields of requests change`,
    message: `Far from ${referenceWords(current)} on ${windowWords(current)}, by a de-biased PSI of 1 or more: ${listWords(named)}. Ask those who send the requests what they changed.`,
    features: severe.map(({subject, effect}) => ({feature: subject, effect, importance: 0, estimatedChange: null})),
  };
};
