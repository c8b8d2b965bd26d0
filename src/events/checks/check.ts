import type {CheckAction} from '../../protocol/index.ts';

/** A rule about one value. */
export type RowRule =
  | {readonly kind: 'range'; readonly min: number | null; readonly max: number | null}
  | {readonly kind: 'set'; readonly values: readonly string[]}
  | {readonly kind: 'pattern'; readonly pattern: string};

/** A rule about many events of a stream. */
export type StreamRule =
  | {readonly kind: 'null-share'; readonly max: number; readonly rows: number}
  | {readonly kind: 'unique'; readonly withinMs: number; readonly maxValues: number}
  | {readonly kind: 'time-order'; readonly toleranceMs: number}
  | {readonly kind: 'fresh'; readonly withinMs: number}
  | {
      readonly kind: 'volume';
      readonly perMs: number;
      readonly min: number | null;
      readonly max: number | null;
      /** How long after its end a window is judged; null: after the delay of the source. */
      readonly graceMs: number | null;
    };

/**
 * A rule about events, tried when they enter. `reject` keeps the event out of the log and puts it into
 * quarantine; `warn` lets it in and counts it; `stop` refuses all that was pushed (or loaded) with it: nothing of
 * that is in the log. Rules about one value may do any of these; what rules about many events may do is in
 * `check-problem.ts`. Nothing rejected disappears.
 */
export type Check<C extends string = string> = {
  /** What it reads; empty if only times. */
  readonly columns: readonly C[];
  readonly action: CheckAction;
  /** The rule in words, such as `delay between -60 and 1000`. */
  readonly name: string;
  readonly rule: RowRule | StreamRule;
};

/** `column` must lie in [min, max]; null passes (nullability is the schema's business). */
export function inRange<const C extends string>(
  column: C,
  bounds: {readonly min?: number; readonly max?: number},
  action: CheckAction = 'reject',
): Check<C> {
  const {min = null, max = null} = bounds;
  const name =
    max === null
      ? `${column} at least ${min}`
      : min === null
        ? `${column} at most ${max}`
        : `${column} between ${min} and ${max}`;
  return Object.freeze<Check<C>>({columns: [column], action, name, rule: {kind: 'range', min, max}});
}

/** `column` must be one of `values`. */
export function oneOf<const C extends string>(
  column: C,
  values: readonly string[],
  action: CheckAction = 'reject',
): Check<C> {
  return Object.freeze<Check<C>>({
    columns: [column],
    action,
    name: `${column} one of ${values.join(', ')}`,
    rule: {kind: 'set', values},
  });
}

/** `column` must match the whole of `pattern` (an ECMAScript regular expression without flags). */
export function matches<const C extends string>(column: C, pattern: string, action: CheckAction = 'reject'): Check<C> {
  return Object.freeze<Check<C>>({
    columns: [column],
    action,
    name: `${column} matches ${pattern}`,
    rule: {kind: 'pattern', pattern},
  });
}

/** The expression that matches the whole of a text. Throws SyntaxError. */
export const fullMatch = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
