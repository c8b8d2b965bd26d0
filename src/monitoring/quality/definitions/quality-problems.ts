/** What a list of checks says wrong about itself, before it is known what it will be tried on. */

import type {Problem} from '../../../protocol/index.ts';
import {TextPattern} from '../pattern/text-pattern.ts';
import {MOST_VALUES, type QualityCheck, type QualityRule} from './quality-check.ts';

export function qualityProblems(checks: readonly QualityCheck[]): Problem[] {
  const seen = new Set<string>();
  return checks.flatMap(check => {
    const at = (message: string, fix: string): Problem[] => [
      {path: `quality.${check.name}`, message: `The check '${check.name}': ${message}`, fix},
    ];
    const {rule, columns, mostly, minRows} = check;
    if (seen.has(check.name)) return at('it is there twice.', 'Remove one of the two.');
    seen.add(check.name);
    if (!(mostly > 0 && mostly <= 1))
      return at(`mostly is ${mostly}.`, 'Give the share of rows that must keep it, such as 0.99.');
    if (mostly < 1 && !ABOUT_A_ROW.has(rule.kind))
      return at('mostly is about single rows, and this check is not.', 'Leave mostly out, and widen the bounds.');
    if (!(Number.isSafeInteger(minRows) && minRows >= 1))
      return at(`minRows is ${minRows}.`, 'Give a whole number of at least 1.');
    const [wrong, fix] = ruleProblem(rule, columns.length) ?? [];
    return wrong === undefined || fix === undefined ? [] : at(wrong, fix);
  });
}

const ABOUT_A_ROW: ReadonlySet<QualityRule['kind']> = new Set([
  'range',
  'set',
  'pattern',
  'finite',
  'order',
  'same',
  'null-together',
  'sum',
  'unique',
]);

type Wrong = readonly [message: string, fix: string];

function ruleProblem(rule: QualityRule, columns: number): Wrong | null {
  switch (rule.kind) {
    case 'range':
    case 'statistic':
      return boundsProblem(rule);
    case 'distinct':
      if ((rule.max ?? 0) > MOST_VALUES || (rule.min ?? 0) > MOST_VALUES)
        return [`it would remember more than ${MOST_VALUES} values.`, `Give bounds of at most ${MOST_VALUES}.`];
      return boundsProblem(rule);
    case 'share-above':
      if (Number.isNaN(rule.threshold)) return ['its threshold is not a number.', 'Give a number.'];
      return boundsProblem(rule) ?? shareProblem(rule.min ?? 0) ?? shareProblem(rule.max ?? 0);
    case 'null-share':
    case 'unseen-share':
    case 'fallback-share':
      return rule.max < 1 ? shareProblem(rule.max) : [`a share of ${rule.max} allows all.`, 'Give one below 1.'];
    case 'set':
      return rule.values.length > 0 ? null : ['the list of allowed values is empty.', 'List the values.'];
    case 'pattern':
      return patternProblem(rule.pattern);
    case 'order':
    case 'null-together':
      return columns >= 2 ? null : ['it compares columns, and has fewer than two.', 'Name two or more.'];
    case 'same':
      return toleranceProblem(rule.tolerance);
    case 'sum':
      return columns >= 2 ? toleranceProblem(rule.tolerance) : ['the sum has no parts.', 'Name one or more.'];
    case 'unique':
      if (columns === 0) return ['it names no column.', 'Name one or more.'];
      return rule.maxValues >= 2 ? null : ['it remembers fewer than two values.', 'Let it remember more.'];
    case 'finite':
    case 'varies':
      return null;
  }
}

function boundsProblem({min, max}: {readonly min: number | null; readonly max: number | null}): Wrong | null {
  if (min === null && max === null) return ['it has no bound.', 'Give a min or a max.'];
  if (Number.isNaN(min) || Number.isNaN(max)) return ['a bound is not a number.', 'Give numbers.'];
  return min !== null && max !== null && min > max ? [`the min ${min} is above the max ${max}.`, 'Swap them.'] : null;
}

const shareProblem = (share: number): Wrong | null =>
  share >= 0 && share <= 1 ? null : [`${share} is no share.`, 'Give one from 0 to 1, such as 0.05.'];

const toleranceProblem = (tolerance: number): Wrong | null =>
  tolerance >= 0 ? null : [`its tolerance is ${tolerance}.`, 'Give 0 or more.'];

function patternProblem(pattern: string): Wrong | null {
  try {
    new TextPattern(pattern);
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`${error.message}.`, 'Write the pattern with characters, sets, groups, | and repetitions.'];
  }
}
