/** Broken checks as alerts: one for each check, paging where it is a contract. */

import type {QualityResult} from '../../protocol/index.ts';
import type {Judgement, RuleContext} from '../alerts/rule.ts';
import {windowWords} from '../alerts/words.ts';
import type {QualityCheck} from './definitions/quality-check.ts';

/**
 * What the newest window says of each check, to be judged when it closes. One window is enough, because a verdict is
 * beyond chance: broken fires; kept clears, where its share is also within the limit and not only not provably beyond
 * it; too few rows change nothing.
 */
export function qualityRules({policy, windows}: Pick<RuleContext, 'policy' | 'windows'>): Judgement[] {
  const current = windows.at(-1)!;
  const declared = new Map(policy.quality.map(check => [check.name, check]));
  return (current.quality ?? []).map(result => ({
    kind: 'quality',
    severity: result.severity,
    subject: result.check,
    state: stateOf(result, declared.get(result.check)),
    measured: result.measured ?? shareOf(result),
    threshold: result.limit ?? 0,
    title: `Broken: ${result.check}`,
    message: `'${result.check}' does not hold on ${windowWords(current, policy.zone)}. ${result.message}`,
    features: result.subjects.map(feature => ({
      feature,
      effect: shareOf(result),
      importance: 0,
      estimatedChange: null,
    })),
  }));
}

function stateOf(result: QualityResult, check: QualityCheck | undefined): Judgement['state'] {
  if (result.verdict === 'broken') return 'firing';
  if (result.verdict === 'insufficient data') return 'unchanged';
  const {measured = 0, limit = 0} = result;
  const within = !check || !LESS_IS_BETTER.has(check.rule.kind) || measured <= limit;
  return within ? 'clear' : 'unchanged';
}

const shareOf = ({broken, rows}: QualityResult): number => (rows === 0 ? 0 : broken / rows);

/** Rules whose measure is a share of rows with an upper limit. */
const LESS_IS_BETTER: ReadonlySet<QualityCheck['rule']['kind']> = new Set([
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
