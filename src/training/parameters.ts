import {MillraceError, nearest, type Problem} from '../protocol/index.ts';

/** What a parameter may be: a test, and the words for it in an error. */
export type Constraint = {readonly allows: (value: unknown) => boolean; readonly text: string};

export function integer(min: number, max: number): Constraint {
  const allows = (value: unknown) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return {allows, text: `an integer from ${min} to ${max}`};
}

/** A finite number of at least `min`, or more than it if `open`; at most `max`. */
export function real(min: number, max = Number.POSITIVE_INFINITY, {open = false} = {}): Constraint {
  const allows = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) && (open ? value > min : value >= min) && value <= max;
  const upper = max === Number.POSITIVE_INFINITY ? '' : ` and at most ${max}`;
  return {allows, text: `a number ${open ? 'above' : 'of at least'} ${min}${upper}`};
}

export function oneOf(...values: readonly string[]): Constraint {
  return {allows: value => values.includes(value as string), text: `one of '${values.join("', '")}'`};
}

/**
 * `given` over `defaults`, frozen. Throws DEFINITION_INVALID with every parameter that is unknown or out of
 * bounds. Bounds that depend on other parameters are not expressed here.
 */
export function checkedParameters<P extends object>(
  kind: string,
  given: Partial<P>,
  defaults: P,
  constraints: {readonly [K in keyof P]: Constraint},
): Readonly<P> {
  const known = Object.keys(defaults);
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const constraint = constraints[name as keyof P] as Constraint | undefined;
    if (constraint === undefined) {
      const [near] = nearest(name, known);
      const fix = near === undefined ? `Use one of ${known.join(', ')}.` : `Did you mean ${near}?`;
      problems.push({path: name, message: `${kind} has no parameter '${name}'.`, fix});
    } else if (!constraint.allows(value)) {
      problems.push({path: name, message: `${name} must be ${constraint.text}; given was ${show(value)}.`});
    }
  }
  if (problems.length === 0) return Object.freeze({...defaults, ...given});
  throw new MillraceError('DEFINITION_INVALID', problems.map(({message}) => message).join(' '), {
    problems,
    fix: `Correct the parameters of ${kind}.`,
  });
}

const show = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));
