/** Broken checks as alerts: one for each check, paging where it is a contract. */

import type {Alert, QualityResult} from '../../protocol/index.ts';
import type {Judgement, RuleContext} from '../alerts/rule.ts';
import {windowWords} from '../alerts/words.ts';
import type {QualityCheck} from './definitions/quality-check.ts';

export type QualityContext = Pick<RuleContext, 'policy' | 'windows'> & {
  /** Alerts of the model that are not resolved: those of checks that are no more are cleared. */
  readonly open: readonly Alert[];
};

/**
 * What the newest window says of each check of the policy, to be judged when it closes. One window is enough, because a
 * verdict is beyond chance: broken fires; kept clears, where its share is also within the limit and not only not
 * provably beyond it; too few rows change nothing.
 */
export function qualityJudgements({policy, windows, open}: QualityContext): Judgement[] {
  const current = windows.at(-1)!;
  const results = new Map(current.quality?.map(result => [result.check, result]));
  const judged = policy.quality.flatMap(check => {
    const result = results.get(check.name);
    return result ? [judgementOf(check, result, windowWords(current))] : [];
  });
  const names = new Set(policy.quality.map(({name}) => name));
  const gone = open.filter(({kind, subject}) => kind === 'quality' && !names.has(subject));
  return [...judged, ...gone.map((alert): Judgement => ({...figuresOf(alert), state: 'clear'}))];
}

function judgementOf(check: QualityCheck, result: QualityResult, window: string): Judgement {
  const {measured = 0, limit = 0} = result;
  const within = !SHARES.has(check.rule.kind) || measured <= limit;
  const kept = result.verdict === 'kept' && within ? 'clear' : 'unchanged';
  return {
    kind: 'quality',
    severity: check.severity,
    subject: check.name,
    state: result.verdict === 'broken' ? 'firing' : kept,
    measured,
    threshold: limit,
    title: `Broken: ${check.name}`,
    message: `'${check.name}' does not hold on ${window}. ${result.message}`,
  };
}

/** Rules that `measured` is the share of rows that break, so that less is better. */
const SHARES: ReadonlySet<QualityCheck['rule']['kind']> = new Set([
  'range',
  'set',
  'pattern',
  'finite',
  'order',
  'same',
  'null-together',
  'sum',
  'unique',
  'null-share',
  'unseen-share',
  'fallback-share',
]);

const figuresOf = ({kind, severity, subject, measured, threshold, title, message}: Alert) => ({
  kind,
  severity,
  subject,
  measured,
  threshold,
  title,
  message,
});
