import type {Schema, TypeName} from '../../protocol/index.ts';

/**
 * A rule about one column of an event, tried when the event enters. `reject` keeps the event out of the
 * log and puts it into quarantine; `warn` lets it in and counts it. Nothing rejected disappears.
 */
export type Check<C extends string = string> = {
  readonly column: C;
  readonly action: 'reject' | 'warn';
  /** The rule in words, such as `delay between -60 and 1000`. */
  readonly name: string;
  readonly rule:
    | {readonly kind: 'range'; readonly min: number | null; readonly max: number | null}
    | {readonly kind: 'set'; readonly values: readonly string[]}
    | {readonly kind: 'pattern'; readonly pattern: string};
};

type Action = 'reject' | 'warn';

/** `column` must lie in [min, max]; null passes (nullability is the schema's business). */
export function inRange<const C extends string>(
  column: C,
  bounds: {readonly min?: number; readonly max?: number},
  action: Action = 'reject',
): Check<C> {
  const {min = null, max = null} = bounds;
  const name =
    max === null
      ? `${column} at least ${min}`
      : min === null
        ? `${column} at most ${max}`
        : `${column} between ${min} and ${max}`;
  return Object.freeze<Check<C>>({column, action, name, rule: {kind: 'range', min, max}});
}

/** `column` must be one of `values`. */
export function oneOf<const C extends string>(
  column: C,
  values: readonly string[],
  action: Action = 'reject',
): Check<C> {
  return Object.freeze<Check<C>>({
    column,
    action,
    name: `${column} one of ${values.join(', ')}`,
    rule: {kind: 'set', values},
  });
}

/** `column` must match the whole of `pattern` (an ECMAScript regular expression without flags). */
export function matches<const C extends string>(column: C, pattern: string, action: Action = 'reject'): Check<C> {
  return Object.freeze<Check<C>>({
    column,
    action,
    name: `${column} matches ${pattern}`,
    rule: {kind: 'pattern', pattern},
  });
}

const APPLIES_TO: Record<Check['rule']['kind'], readonly TypeName[]> = {
  range: ['number', 'int', 'time'],
  set: ['string'],
  pattern: ['string'],
};

/** What is wrong with a check on a source of this schema, in a sentence; null if nothing. */
export function checkProblem({column, rule}: Check, schema: Schema): string | null {
  const declared = schema[column];
  if (!declared) return `column '${column}' is not in the schema.`;
  if (!APPLIES_TO[rule.kind].includes(declared.type))
    return `a ${rule.kind} check applies to ${APPLIES_TO[rule.kind].join(', ')} columns; '${column}' is a ${declared.type}.`;
  switch (rule.kind) {
    case 'range':
      if (rule.min === null && rule.max === null) return 'a range needs a min or a max.';
      if (Number.isNaN(rule.min) || Number.isNaN(rule.max)) return 'a bound is not a number.';
      return rule.min !== null && rule.max !== null && rule.min > rule.max
        ? `the min ${rule.min} is above the max ${rule.max}.`
        : null;
    case 'set':
      return rule.values.length === 0 ? 'the list of allowed values is empty.' : null;
    case 'pattern':
      try {
        fullMatch(rule.pattern);
        return null;
      } catch (error) {
        return `the pattern is no regular expression: ${(error as Error).message}.`;
      }
  }
}

/** The expression that matches the whole of a text. Throws SyntaxError. */
export const fullMatch = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
