import type {CheckAction, Schema, TypeName} from '../../protocol/index.ts';
import {type Check, fullMatch} from './check.ts';

type Kind = Check['rule']['kind'];

const APPLIES_TO: Partial<Record<Kind, readonly TypeName[]>> = {
  range: ['number', 'int', 'time'],
  set: ['string'],
  pattern: ['string'],
};

/** What a broken check may do, where that is not all of it, and why. */
const ACTIONS: Partial<Record<Kind, {readonly allowed: readonly CheckAction[]; readonly why: string}>> = {
  'null-share': {allowed: ['warn', 'stop'], why: 'no single event is to blame for a share'},
  unique: {allowed: ['warn', 'stop'], why: 'which of the events is the right one is not known'},
  'time-order': {allowed: ['warn', 'stop'], why: 'which of the times is the wrong one is not known'},
  fresh: {allowed: ['warn'], why: 'there is no event to refuse when none comes'},
  volume: {allowed: ['warn'], why: 'a window is judged when its events are in'},
};

/** What is wrong with a check on a source of this schema (as declared), in a sentence; null if nothing. */
export function checkProblem({columns, action, rule}: Check, schema: Schema): string | null {
  for (const column of columns) {
    const declared = Object.hasOwn(schema, column) ? schema[column] : undefined;
    if (!declared) return `column '${column}' is not in the schema.`;
    if (declared.size !== undefined) return `'${column}' is a vector, and checks on vectors are not offered.`;
    const types = APPLIES_TO[rule.kind];
    if (types && !types.includes(declared.type))
      return `a ${rule.kind} check applies to ${types.join(', ')} columns; '${column}' is a ${declared.type}.`;
    if (rule.kind === 'null-share' && !declared.nullable)
      return `'${column}' is never null by the schema; declare it with orNull() to have a share of nulls.`;
  }
  const actions = ACTIONS[rule.kind];
  if (actions && !actions.allowed.includes(action))
    return `a ${rule.kind} check may ${actions.allowed.join(' or ')}, not ${action}: ${actions.why}.`;
  switch (rule.kind) {
    case 'range':
      return boundsProblem(rule, 'range');
    case 'set':
      return rule.values.length === 0 ? 'the list of allowed values is empty.' : null;
    case 'pattern':
      try {
        fullMatch(rule.pattern);
        return null;
      } catch (error) {
        return `the pattern is no regular expression: ${(error as Error).message}.`;
      }
    case 'null-share':
      if (!(rule.max >= 0 && rule.max < 1)) return `the share ${rule.max} is not in [0, 1).`;
      return isCount(rule.rows) ? null : `a window of ${rule.rows} events is none: give an integer of at least 1.`;
    case 'unique':
      if (columns.length === 0) return 'there is no column whose values are to be unique.';
      if (!(rule.withinMs > 0)) return 'values are to be remembered for some time: give a longer duration.';
      return rule.maxValues >= 2 && isCount(rule.maxValues)
        ? null
        : `${rule.maxValues} values are too few to remember: give an integer of at least 2.`;
    case 'time-order':
      return null;
    case 'fresh':
      return rule.withinMs > 0 ? null : 'no event is 0 ms old: give a longer duration.';
    case 'volume':
      return rule.perMs >= 1 ? boundsProblem(rule, 'volume') : 'a window of 0 ms has no events: give a longer one.';
  }
}

const isCount = (v: number) => Number.isSafeInteger(v) && v >= 1;

function boundsProblem({min, max}: {readonly min: number | null; readonly max: number | null}, what: string) {
  if (min === null && max === null) return `a ${what} needs a min or a max.`;
  if (Number.isNaN(min) || Number.isNaN(max)) return 'a bound is not a number.';
  return min !== null && max !== null && min > max ? `the min ${min} is above the max ${max}.` : null;
}
