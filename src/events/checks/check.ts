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
  return Object.freeze({column, action, name, rule: {kind: 'range', min, max}});
}

/** `column` must be one of `values`. */
export function oneOf<const C extends string>(
  column: C,
  values: readonly string[],
  action: Action = 'reject',
): Check<C> {
  return Object.freeze({column, action, name: `${column} one of ${values.join(', ')}`, rule: {kind: 'set', values}});
}

/** `column` must match the whole of `pattern` (an ECMAScript regular expression without flags). */
export function matches<const C extends string>(column: C, pattern: string, action: Action = 'reject'): Check<C> {
  return Object.freeze({column, action, name: `${column} matches ${pattern}`, rule: {kind: 'pattern', pattern}});
}
