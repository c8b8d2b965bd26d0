import {listWords, percent, wholeNumber} from '../../alerts/words.ts';
import type {QualityRule} from './quality-check.ts';

/** The rule in words: the name of a check, and of the alert that it raises. */
export function checkWords(columns: readonly string[], rule: QualityRule, mostly: number): string {
  const rows = mostly === 1 ? '' : `, in ${percent(mostly)} of rows`;
  return `${ruleWords(columns, rule)}${rows}`;
}

function ruleWords(columns: readonly string[], rule: QualityRule): string {
  const [first] = columns;
  const all = listWords(columns);
  switch (rule.kind) {
    case 'range':
      return `${first} ${rangeWords(rule)}`;
    case 'set':
      return `${first} one of ${rule.values.length <= 8 ? rule.values.join(', ') : `${rule.values.slice(0, 7).join(', ')} and ${rule.values.length - 7} more`}`;
    case 'pattern':
      return `${first} matches ${rule.pattern}`;
    case 'finite':
      return `${first} is finite`;
    case 'order':
      return columns.join(' <= ');
    case 'same':
      return `${columns.join(' = ')}${toleranceWords(rule.tolerance)}`;
    case 'null-together':
      return `${all} null together`;
    case 'sum':
      return `${first} = ${columns.slice(1).join(' + ')}${toleranceWords(rule.tolerance)}`;
    case 'unique':
      return `${all} unique in a window`;
    case 'null-share':
      return `${first} null in at most ${percent(rule.max)} of rows`;
    case 'unseen-share':
      return `${first} new in at most ${percent(rule.max)} of rows`;
    case 'fallback-share':
      return `at most ${percent(rule.max)} of answers from a fallback`;
    case 'share-above':
      return `share of ${first} above ${rule.threshold} ${rangeWords(rule)}`;
    case 'statistic':
      return `${rule.of} of ${first} ${rangeWords(rule)}`;
    case 'distinct':
      return `${first} with ${rule.min === null ? `at most ${wholeNumber(rule.max!)}` : rule.max === null ? `at least ${wholeNumber(rule.min)}` : `${wholeNumber(rule.min)} to ${wholeNumber(rule.max)}`} different values`;
    case 'varies':
      return `${first} varies within a window`;
  }
}

const toleranceWords = (tolerance: number): string => (tolerance === 0 ? '' : ` within ${tolerance}`);

/** `at least 0`, `at most 1`, `between 0 and 1`. */
export function rangeWords({min, max}: {readonly min: number | null; readonly max: number | null}): string {
  if (max === null) return `at least ${min}`;
  return min === null ? `at most ${max}` : `between ${min} and ${max}`;
}
